"""The pipeline: its script really run, and the workflow that calls it judged by others' rules."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from support import ROOT

WORKFLOW = ROOT / ".github/workflows/site.yml"
ISSUES = ROOT / ".github/ISSUE_TEMPLATE"
SCRIPT = ROOT / "deploy/pipeline"
STEPS = ("check", "build", "test", "preview", "deploy", "withdraw", "verify", "rollback", "tell")
BIN = Path(sys.executable).parent


def workflow() -> dict[str, Any]:
    # YAML 1.1 reads the key `on` as true.
    return dict(yaml.load(WORKFLOW.read_text("utf-8"), Loader=yaml.BaseLoader))


def steps() -> list[dict[str, Any]]:
    return [step for job in workflow()["jobs"].values() for step in job["steps"]]


# The workflow


def is_nightly_at_five_past_midnight(zone: ZoneInfo) -> bool:
    """Return whether the workflow runs at 00:05 in ``zone`` all year, and names it."""
    (entry,) = workflow()["on"]["schedule"]
    minute, hour, *rest = entry["cron"].split()
    # In every month, so that summer time is noticed.
    days = [datetime(2030, month, 15, int(hour), int(minute), tzinfo=UTC) for month in range(1, 13)]
    times = {(day.astimezone(zone).hour, day.astimezone(zone).minute) for day in days}
    return rest == ["*", "*", "*"] and times == {(0, 5)} and zone.key in WORKFLOW.read_text("utf-8")


def test_the_nightly_run_is_five_past_midnight_in_the_time_zone_that_it_names() -> None:
    assert is_nightly_at_five_past_midnight(ZoneInfo("Asia/Shanghai"))
    assert not is_nightly_at_five_past_midnight(ZoneInfo("Europe/Paris"))


def test_actions_are_pinned_by_commit_and_every_job_is_bounded_and_asks_for_little() -> None:
    found = workflow()
    uses = [step["uses"] for step in steps() if "uses" in step]
    assert uses and all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name) for name in uses)
    assert found["permissions"] == {} and "group" in found["concurrency"]
    for job in found["jobs"].values():
        assert job["permissions"] == {"contents": "read"} and int(job["timeout-minutes"]) <= 60


def test_secrets_are_given_to_the_steps_that_need_them_alone() -> None:
    jobs = workflow()["jobs"]
    assert "secrets." not in json.dumps(jobs["build"]) and "environment" not in jobs["build"]
    assert jobs["deploy"]["environment"]["name"] == "public" and jobs["deploy"]["needs"] == "build"
    assert "pull_request_target" not in workflow()["on"]
    given = [step["run"] for step in jobs["deploy"]["steps"] if "secrets." in json.dumps(step)]
    assert given == ["deploy/pipeline deploy", "deploy/pipeline rollback"]
    assert [s["run"] for s in jobs["withdraw"]["steps"] if "secrets." in json.dumps(s)] == ["deploy/pipeline withdraw"]
    # Recipients are a secret, too: the address of a webhook has its key.
    assert json.dumps(jobs["tell"]).count("secrets.") == 1
    assert jobs["tell"]["steps"][-1]["env"]["HAOPIN_NOTIFY"] == "${{ secrets.HAOPIN_NOTIFY }}"


def test_a_failed_job_of_the_live_site_sends_a_notification() -> None:
    job = workflow()["jobs"]["tell"]
    assert job["needs"] == ["build", "deploy", "withdraw"] and job["environment"]["name"] == "public"
    for part in ("always()", "refs/heads/main", "contains(needs.*.result, 'failure')"):
        assert part in job["if"]


def test_a_withdrawal_does_not_wait_for_a_job_that_fails() -> None:
    job = workflow()["jobs"]["withdraw"]
    assert job["needs"] == "build" and job["environment"]["name"] == "public"
    assert job["if"].startswith("failure() && github.ref == 'refs/heads/main' && ")
    # The data of the last release are taken from history.
    assert job["steps"][0]["with"]["fetch-depth"] == "0"


def test_the_workflow_calls_every_step_of_the_script_in_order() -> None:
    called = [m[1] for step in steps() for m in re.finditer(r"deploy/pipeline (\w+)", step.get("run", ""))]
    # The job that deploys starts from nothing and builds once more.
    assert called == ["check", "build", "test", "preview", "build", "deploy", "verify", "rollback", "withdraw", "tell"]
    assert set(called) == set(STEPS)


@pytest.mark.parametrize(
    "command",
    [
        ("zizmor", "--offline", "--no-progress", "--persona=auditor", ROOT / ".github"),
        ("check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW),
        ("check-jsonschema", "--builtin-schema", "vendor.dependabot", ROOT / ".github/dependabot.yml"),
        ("check-jsonschema", "--builtin-schema", "vendor.github-issue-config", ISSUES / "config.yml"),
        (
            "check-jsonschema",
            "--builtin-schema",
            "vendor.github-issue-forms",
            ISSUES / "problem.yml",
            ISSUES / "proposal.yml",
        ),
        (
            "shellcheck",
            SCRIPT,
            ROOT / "deploy/backup",
            ROOT / ".ci/setup",
            ROOT / ".ci/run",
            ROOT / ".ci/fresh",
            ROOT / "haopin",
        ),
    ],
    ids=lambda command: str(command[0]),
)
def test_others_rules(command: tuple[str | Path, ...]) -> None:
    done = subprocess.run(
        [BIN / str(command[0]), *map(str, command[1:])], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_would_say_what_is_unsafe(tmp_path: Path) -> None:
    spoiled = tmp_path / "site.yml"
    text = WORKFLOW.read_text("utf-8")
    spoiled.write_text(re.sub(r"checkout@[0-9a-f]{40} # v[\d.]+", "checkout@main", text), "utf-8")
    done = subprocess.run(
        [BIN / "zizmor", "--offline", spoiled], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0 and "unpinned-uses" in done.stdout


# What the site is made with


def test_the_audit_judges_the_lock_of_the_site_from_an_environment_of_its_own() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "-n", "audit"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines() == [
        ".ci/setup audit",
        ".venv-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock",
    ]
    assert '"audit": ("requirements-audit.lock", ".venv-audit"' in (ROOT / ".ci/setup.py").read_text("utf-8")
    assert re.search(r"^pip-audit==", (ROOT / "requirements-audit.lock").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock", "requirements-audit.lock"])
def test_every_locked_package_has_its_hash(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").replace("\\\n", " ").splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]
    assert packages and all(re.match(r"[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line) for line in packages)


# The script


def clone(target: Path) -> Path:
    """Put the script into a folder with a stand-in for the office's command, which notes how it is called."""
    (target / "deploy").mkdir(parents=True)
    shutil.copy2(SCRIPT, target / "deploy/pipeline")
    stand_in = target / "haopin"
    stand_in.write_text(
        '#!/bin/sh\necho "$@" >>called\n[ "$1" != "${FAIL:-}" ] || exit 1\n'
        'if [ "$1" = offline ]; then mkdir -p "$3"; echo page >"$3/index.html"; fi\n'
        '[ -n "${HAOPIN_SSH:-}" ] || exit 0\nls -l "$(dirname "$HAOPIN_SSH")" >door\ncat "$HAOPIN_SSH" >ssh\nenv >env\n'
    )
    stand_in.chmod(0o755)
    return target


def call(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HAOPIN_")}
    return subprocess.run(
        [folder / "deploy/pipeline", *arguments],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_script_calls_the_commands_step_by_step(tmp_path: Path) -> None:
    folder = clone(tmp_path / "a clone")
    where = {"HAOPIN_TARGET": str(tmp_path / "public"), "HAOPIN_URL": "https://site.example/"}
    for step in ("check", "build", "preview", "deploy", "withdraw", "verify", "rollback"):
        done = call(folder, step, **where)
        assert (done.returncode, done.stderr) == (0, ""), step
    assert (folder / "called").read_text().splitlines() == [
        "check",
        "build",
        "verify site",
        "build --site-dir site-preview",
        "offline site-preview site-offline",
        f"release --to {tmp_path / 'public'} --url https://site.example/",
        f"release --to {tmp_path / 'public'} --url https://site.example/ --withdrawals-only",
        "watch https://site.example/ --only-site --build site/build.json",
        f"rollback --to {tmp_path / 'public'} --url https://site.example/",
    ]
    assert (folder / "preview.zip").is_file()
    # A local target needs no key.
    assert not (folder / "door").exists()


@pytest.mark.parametrize("step", ["check", "build", "release", "watch", "rollback"])
def test_a_step_that_fails_fails_the_script(step: str, tmp_path: Path) -> None:
    folder = clone(tmp_path / "clone")
    name = {"release": "deploy", "watch": "verify"}.get(step, step)
    assert call(folder, name, FAIL=step, HAOPIN_TARGET="/x", HAOPIN_URL="https://site.example/").returncode == 1


def test_a_failure_is_reported_with_the_address_of_its_log(tmp_path: Path) -> None:
    folder = clone(tmp_path / "clone")
    shutil.copy2(ROOT / "deploy/tell", folder / "deploy/tell")
    told = tmp_path / "told"
    told.write_text(f'#!/bin/sh\ncat >"{tmp_path}/got"\n')
    told.chmod(0o755)
    github = {"GITHUB_SERVER_URL": "https://git.example", "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "7"}
    done = subprocess.run(
        [folder / "deploy/pipeline", "tell", "生成 / build"],
        env={"PATH": os.environ["PATH"], "HAOPIN_NOTIFY": str(told), **github},
        input="build: failure\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    got = (tmp_path / "got").read_text("utf-8")
    assert "失败：生成 / Haopin, failed: build" in got and "build: failure" in got
    assert "https://git.example/a/b/actions/runs/7" in got
    assert call(folder, "tell").returncode == 2


def test_a_command_that_cannot_start_does_not_fail_the_health_check(tmp_path: Path) -> None:
    """The command first creates its environment, which may fail without a network."""
    folder = clone(tmp_path / "clone")
    shutil.copy2(ROOT / "haopin", folder / "haopin")
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    output, where = tmp_path / "output", "https://site.example/"
    done = call(folder, "verify", HAOPIN_URL=where, GITHUB_OUTPUT=str(output), PYTHON="no-such-python")
    assert done.returncode == 2 and "no-such-python" in done.stderr
    assert output.read_text() == "code=2\n"


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_exit_code_of_the_health_check_decides_about_a_rollback(code: int, tmp_path: Path) -> None:
    folder = clone(tmp_path / "clone")
    (folder / "haopin").write_text(f"#!/bin/sh\nexit {code}\n")
    done = call(folder, "verify", HAOPIN_URL="https://site.example/", GITHUB_OUTPUT=str(tmp_path / "output"))
    assert (done.returncode, (tmp_path / "output").read_text()) == (code, f"code={code}\n")
    (back,) = (step for step in steps() if step.get("run") == "deploy/pipeline rollback")
    assert "steps.verify.outputs.code == '1'" in back["if"] and "steps.deploy.outcome == 'success'" in back["if"]


def test_the_key_is_kept_from_others_and_gone_afterwards(tmp_path: Path) -> None:
    folder = clone(tmp_path / "clone")
    secret = "-----BEGIN KEY-----\nof this test\n-----END KEY-----"
    done = call(
        folder,
        "deploy",
        HAOPIN_TARGET="web@site.example:/srv/site",
        HAOPIN_URL="https://site.example/",
        HAOPIN_SSH_KEY=secret,
        HAOPIN_SSH_KNOWN_HOSTS="site.example ssh-ed25519 AAAA",
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^-rw------- .* key$", (folder / "door").read_text(), re.MULTILINE)
    assert "StrictHostKeyChecking=yes" in (folder / "ssh").read_text()
    key = re.search(r'-i "([^"]+)"', (folder / "ssh").read_text())
    assert key and not Path(key[1]).parent.exists()
    for said in (done.stdout, done.stderr, (folder / "env").read_text(), (folder / "called").read_text()):
        assert "of this test" not in said


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        ((), {}, "usage"),
        (("publish",), {}, "usage"),
        (("deploy",), {"HAOPIN_URL": "https://site.example/"}, "HAOPIN_TARGET is missing"),
        (("verify",), {}, "HAOPIN_URL is missing"),
        (
            ("deploy",),
            {"HAOPIN_URL": "https://site.example/", "HAOPIN_TARGET": "web@site.example:/srv"},
            "HAOPIN_SSH_KEY is missing",
        ),
    ],
)
def test_missing_settings_are_named_and_nothing_is_run(
    arguments: tuple[str, ...], environment: dict[str, str], message: str, tmp_path: Path
) -> None:
    folder = clone(tmp_path / "clone")
    done = call(folder, *arguments, **environment)
    assert done.returncode == 2 and message in done.stderr
    assert not (folder / "called").exists()
