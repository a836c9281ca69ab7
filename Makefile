# Two commands do everything on a fresh machine: make site, make test.
export PYTHONPATH := hooks
# The theme prints an advertisement for another program at each start.
export NO_MKDOCS_2_WARNING := 1
# Keep compiled modules and templates: without them each of a thousand builds in the tests takes twice as long.
unexport PYTHONDONTWRITEBYTECODE
# The environment itself, not its symlink, so that a running test keeps its packages during an update.
PY = "$$(readlink -f .venv)/bin/python"
# These targets install all dependencies of the tests, so a missing one is a failure; elsewhere such tests are skipped.
test county coverage sweep exit-check pictures: export HAOPIN_COMPLETE := true
EXIT_TESTS := $(addprefix tests/,$(addsuffix .py,$(addprefix test_,build site pages build_manifest gate redirects published_data) county/test_own_site))
# The tiers of tests. Those of make test spend a third of their time waiting for browsers and servers: three processes on
# two processors. The order is kept, so that files that share a built site follow each other.
QUICK := quick and not (slow or sweep)
TEST := not sweep
THREE := -n 3 --dist loadscope --no-loadscope-reorder
MESSAGE_TESTS := $(addprefix tests/test_,load_dataset.py check_rules.py check_publishable.py numbers.py \
	office_ledger.py office_batch_import.py office_new.py)
UV := uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate

.PHONY: help site demo release offline zip audit serve check schema quick test county coverage exit-check fresh sweep pictures messages lint bench bench-preview bench-counties bench-materials lock wheel office clean

help:
	@echo "make site   生成网站 / build the site into site/"
	@echo "make demo   生成带示例数据的演示网站到 site-demo/ / build a demonstration with sample data into site-demo/"
	@echo "make offline 生成离线副本到 site-offline/，双击即可打开 / copy the site into site-offline/, which opens without a server"
	@echo "make release 检查并发布到 HAOPIN_TARGET / check and publish to HAOPIN_TARGET"
	@echo "make zip    打包供上传到门户 / pack the site for upload to a portal (ADDRESS=https://…)"
	@echo "make audit  查已知漏洞（要联网） / check for known vulnerabilities (needs the network)"
	@echo "make serve  本机预览，边改边看 / live preview of both languages on this machine"
	@echo "make check  检查数据 / check the data"
	@echo "make quick  不需要浏览器和服务器的测试，一分钟 / tests without browser and server, a minute"
	@echo "make test   全部测试 / all tests"
	@echo "make county 只测试 data/ 和 docs/ 里的资料和网页 / only the tests of the records and pages in data/ and docs/"
	@echo "make coverage 测试运行到哪些代码行 / coverage of make test; make coverage TIER=quick: of make quick"
	@echo "make sweep  逐页检查无障碍和 HTML / check every page: accessibility and HTML"
	@echo "make exit-check 没有 MkDocs 时的测试 / build tests with ProperDocs instead of MkDocs"
	@echo "make fresh  在全新的 Debian 里全部做一遍（需要 root）/ all steps on a bare Debian, in a chroot (root)"
	@echo "make pictures 样子有意改变后重拍对照图 / update the reference pictures after an intended change of the look"
	@echo "make messages 检查的提示有意改变后重新记录 / update the recorded messages of the check after an intended change"
	@echo "make lint   代码检查 / ruff, mypy, import contracts"
	@echo "make bench  性能测量 / compare the performance with Hugo, stock MkDocs + Material and Zensical"
	@echo "make bench-preview 预览里多快看到改动 / how soon the preview shows an edit, in a browser"
	@echo "make bench-counties 并排生成二十个县 / build twenty invented counties side by side"
	@echo "make bench-materials 绘制宣传物料要多久 / how long materials take to draw"
	@echo "make schema 写出编辑器用的 JSON Schema / write the JSON Schemas for editors"
	@echo "make lock   更新锁定的依赖 / update the locked dependencies (needs uv)"
	@echo "make wheel  打包成 dist/ 里的 wheel，可用 pip 安装 / build a wheel for pip in dist/"
	@echo "make office 打包给没有网络的办公室：程序、资料和安装文件 / pack program, data and packages for offices without a network"
	@echo "make clean  删除生成物 / delete build output"

site:
	@./haopin build

# Only this build shows sample data, with a banner; it has a separate output folder.
demo:
	@./haopin demo

# The same pages, with search, for a USB stick or a machine without network.
offline: site
	@./haopin offline

# Target: HAOPIN_TARGET, as user@host:/folder or a folder of this machine.
release:
	@./haopin release

# For a path of a portal: make zip ADDRESS=https://portal.example/quality/
zip:
	@./haopin zip $(if $(ADDRESS),--address "$(ADDRESS)")

# Needs the network, so it is not part of the tests.
audit:
	@.ci/setup audit
	@.venv-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

serve:
	@./haopin serve

check:
	@./haopin check

schema:
	@./haopin schema

# Tests without built site, browser, server and root: a minute.
quick:
	@.ci/setup lint
	@$(PY) -m pytest -m "$(QUICK)" -n 2 --dist loadscope

test:
	@.ci/setup test
	@$(PY) -m pytest -m "$(TEST)" $(THREE)

# Only the tests of the county in data/ and docs/.
county:
	@.ci/setup test
	@$(PY) -m pytest -m "$(TEST)" -n 2 --dist loadscope tests/county

# Coverage of make test (TIER=quick: of make quick), including the commands that it starts: a table, the least covered
# file first, and HTML in .cache/coverage/html.
coverage:
	@.ci/setup test
	@mkdir -p .cache/coverage
	@$(PY) -m pytest -m "$(if $(filter quick,$(TIER)),$(QUICK),$(TEST))" $(THREE) --cov --cov-report=term --cov-report=html

# Every page of the county in data/, without and with sample data, and Lighthouse.
sweep:
	@.ci/setup test
	@$(PY) -m pytest -n 2 -vv -m sweep

# Ensures that ProperDocs can replace MkDocs 1.x: it builds the same site and passes the same tests.
exit-check:
	@.ci/setup test
	@$(PY) tests/without_mkdocs.py .cache/without-mkdocs >/dev/null
	@.cache/without-mkdocs/bin/python -m pytest -m "not sweep or exit_check" -n 2 --dist worksteal $(EXIT_TESTS)

# A bare Debian in a chroot (root, 30 minutes each): make fresh, make fresh DEBIAN=12, make fresh DEBIAN="--short 13"
fresh:
	@.ci/fresh $(DEBIAN)

pictures:
	@.ci/setup test
	@HAOPIN_PICTURES=accept $(PY) -m pytest tests/test_pictures.py tests/test_materials_pictures.py -k "every_kind or every_shape"

# Afterwards check the diff of tests/messages.
messages:
	@.ci/setup lint
	@HAOPIN_MESSAGES=accept $(PY) -m pytest -n 0 -k to_the_letter $(MESSAGE_TESTS)

# Needs no browser and no servers.
lint:
	@.ci/setup lint
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@"$$(readlink -f .venv)/bin/lint-imports" --no-logo --no-cache

bench:
	@.ci/setup bench
	@.venv-bench/bin/python tests/bench/bench.py; goals=$$?; .venv-bench/bin/python tests/bench/changes.py && exit $$goals

bench-preview:
	@.ci/setup test
	@$(PY) tests/bench/preview.py

bench-counties:
	@.ci/setup bench
	@.venv-bench/bin/python tests/bench/counties.py

bench-materials:
	@.ci/setup bench
	@.venv-bench/bin/python tests/bench/materials.py

lock:
	$(UV) --extra ops --extra desk --extra materials pyproject.toml -o requirements.lock
	$(UV) --extra ops --extra desk --extra materials --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	$(UV) --extra ops --extra desk --extra materials --extra bench -c requirements.lock pyproject.toml -o requirements-bench.lock
	$(UV) --group audit -o requirements-audit.lock

wheel:
	@.ci/setup lint
	@$(PY) -m hatchling build -t wheel -d dist

# Downloads the packages for Windows; others: make office PLATFORMS="win_amd64 linux_x86_64 linux_aarch64"
office:
	@.ci/setup site
	@$(PY) .ci/office.py $(addprefix --platform ,$(PLATFORMS))

clean:
	rm -rf dist site site.zip site-demo site-offline site-materials .cache .venv .venvs .venv-bench .venv-audit tests/npm/node_modules
