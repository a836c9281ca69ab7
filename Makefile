# Two commands do everything on a fresh machine: make site, make test.
export PYTHONPATH := hooks
# The theme prints an advertisement for another program at each start.
export NO_MKDOCS_2_WARNING := 1
# Compiled modules and templates are kept: without them each of a thousand builds of the tests takes twice as long.
unexport PYTHONDONTWRITEBYTECODE
# The environment itself, not the link to it: a running test keeps its packages when another command renews them.
PY = "$$(readlink -f .venv)/bin/python"
# These install all that the tests need: what is missing then is a failure. Elsewhere such tests are skipped.
test county coverage sweep exit-check pictures: export HAOPIN_COMPLETE := true
EXIT_TESTS := $(addprefix tests/,$(addsuffix .py,$(addprefix test_,build site pages build_manifest gate redirects published_data) county/test_own_site))
# The tiers of tests. Those of make test wait for browsers, servers and frames a third of their time: three processes on
# two processors. They keep their order, so that files that share a built site come one after another.
QUICK := quick and not (slow or sweep)
TEST := not sweep
THREE := -n 3 --dist loadscope --no-loadscope-reorder
MESSAGE_TESTS := $(addprefix tests/test_,load_dataset.py check_rules.py check_publishable.py numbers.py \
	office_ledger.py office_batch_import.py office_new.py)
UV := uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate

.PHONY: help site demo release offline zip audit serve check schema quick test county coverage exit-check fresh sweep pictures messages lint bench lock wheel clean

help:
	@echo "make site   生成网站 / build the site into site/"
	@echo "make demo   生成带示例数据的演示网站到 site-demo/ / build a demonstration with sample data into site-demo/"
	@echo "make offline 生成离线副本到 site-offline/，双击即可打开 / copy the site into site-offline/, which opens from a folder"
	@echo "make release 检查并发布到 HAOPIN_TARGET / examine and publish to HAOPIN_TARGET"
	@echo "make zip    打包供上传到门户 / pack the site for upload to a portal (ADDRESS=https://…)"
	@echo "make audit  查已知漏洞（要联网） / ask for known vulnerabilities (needs the network)"
	@echo "make serve  本机预览，边改边看 / live preview of both languages on this machine"
	@echo "make check  检查数据 / check the data"
	@echo "make quick  不需要浏览器和服务器的测试，一分钟 / the tests that need no browser and no server, a minute"
	@echo "make test   全部测试 / all tests"
	@echo "make county 只测试 data/ 和 docs/ 里的资料和网页 / of all tests, those of the records and pages in data/ and docs/"
	@echo "make coverage 测试运行到哪些代码行 / which lines make test runs; make coverage TIER=quick: make quick"
	@echo "make sweep  逐页检查无障碍和 HTML / judge every page: accessibility and HTML"
	@echo "make exit-check 没有 MkDocs 时的测试 / the tests of building without MkDocs, with ProperDocs"
	@echo "make fresh  在全新的 Debian 里全部做一遍（需要 root）/ all of it on a bare Debian, in a chroot (root)"
	@echo "make pictures 样子有意改变后重拍对照图 / take the reference pictures anew after a meant change of the look"
	@echo "make messages 检查的提示有意改变后重新记录 / record the messages of the check anew after a meant change"
	@echo "make lint   代码检查 / ruff, mypy, import contracts"
	@echo "make bench  性能测量 / measure against a stock site"
	@echo "make schema 写出编辑器用的 JSON Schema / write the JSON Schemas for editors"
	@echo "make lock   更新锁定的依赖 / resolve the locked dependencies anew (needs uv)"
	@echo "make wheel  打包成 dist/ 里的 wheel，可用 pip 安装 / build a wheel in dist/, which pip installs"
	@echo "make clean  删除生成物 / remove what was built"

site:
	@./haopin build

# Sample data is shown in this build only, with a banner; it goes to a folder of its own.
demo:
	@./haopin demo

# The same pages for a USB stick or a machine without network; search included.
offline: site
	@./haopin offline

# Where to: HAOPIN_TARGET, as user@host:/folder or a folder of this machine.
release:
	@./haopin release

# For upload below a path of a portal: make zip ADDRESS=https://portal.example/quality/
zip:
	@./haopin zip $(if $(ADDRESS),--address "$(ADDRESS)")

# Asks the network, so no part of the tests: does an advisory name what the site is made with?
audit:
	@.ci/setup audit
	@.venv-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

serve:
	@./haopin serve

check:
	@./haopin check

schema:
	@./haopin schema

# What needs no built site, no browser, no server, no root: a minute.
quick:
	@.ci/setup lint
	@$(PY) -m pytest -m "$(QUICK)" -n 2 --dist loadscope

test:
	@.ci/setup test
	@$(PY) -m pytest -m "$(TEST)" $(THREE)

# Of these, what holds for any county, asked of the one in data/ and docs/.
county:
	@.ci/setup test
	@$(PY) -m pytest -m "$(TEST)" -n 2 --dist loadscope tests/county

# Which lines make test runs (TIER=quick: make quick), also in the commands that it starts: a table, the least covered
# file first, and pages in .cache/coverage/html.
coverage:
	@.ci/setup test
	@mkdir -p .cache/coverage
	@$(PY) -m pytest -m "$(if $(filter quick,$(TIER)),$(QUICK),$(TEST))" $(THREE) --cov --cov-report=term --cov-report=html

# Every page of the county in data/, without and with sample data, and Lighthouse.
sweep:
	@.ci/setup test
	@$(PY) -m pytest -n 2 -vv -m sweep

# The way out of MkDocs 1.x stays open: ProperDocs alone builds the same site and passes the same tests.
exit-check:
	@.ci/setup test
	@$(PY) tests/without_mkdocs.py .cache/without-mkdocs >/dev/null
	@.cache/without-mkdocs/bin/python -m pytest -m "not sweep or exit_check" -n 2 --dist worksteal $(EXIT_TESTS)

# A bare Debian in a chroot (root, 30 minutes each): make fresh, make fresh DEBIAN=12, make fresh DEBIAN="--short 13"
fresh:
	@.ci/fresh $(DEBIAN)

pictures:
	@.ci/setup test
	@HAOPIN_PICTURES=accept $(PY) -m pytest tests/test_pictures.py -k every_kind

# Then read the difference in tests/messages before it is committed.
messages:
	@.ci/setup lint
	@HAOPIN_MESSAGES=accept $(PY) -m pytest -n 0 -k to_the_letter $(MESSAGE_TESTS)

# Neither a browser nor servers are needed for this.
lint:
	@.ci/setup lint
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@"$$(readlink -f .venv)/bin/lint-imports" --no-logo --no-cache

bench:
	@.ci/setup bench
	@.venv-bench/bin/python tests/bench/bench.py

lock:
	$(UV) --extra ops pyproject.toml -o requirements.lock
	$(UV) --extra ops --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	$(UV) --extra ops --extra bench -c requirements.lock pyproject.toml -o requirements-bench.lock
	$(UV) --group audit -o requirements-audit.lock

wheel:
	@.ci/setup lint
	@$(PY) -m hatchling build -t wheel -d dist

clean:
	rm -rf dist site site.zip site-demo site-offline .cache .venv .venvs .venv-bench .venv-audit tests/npm/node_modules
