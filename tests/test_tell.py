"""`deploy/tell`: notifications of failures by webhook, mail or a program; and data that is never sent."""

import email
import email.policy
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

SCRIPT = ROOT / "deploy/tell"


class Robot:
    """A webhook of a group: what it was sent, and what it answers."""

    def __init__(self, answer: str = '{"errcode": 0, "errmsg": "ok"}', status: int = 200, location: str = "") -> None:
        self.answer, self.status, self.location = answer, status, location
        self.got: list[tuple[str, str, Any]] = []
        self.address = ""


@contextmanager
def listening(robot: Robot) -> Iterator[Robot]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            robot.got.append((self.path, self.headers["Content-Type"], content))
            self.send_response(robot.status)
            if robot.location:
                self.send_header("Location", robot.location)
            self.end_headers()
            self.wfile.write(robot.answer.encode())

        do_GET = do_POST  # noqa: N815 - the name that the library calls

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        robot.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield robot
        finally:
            server.shutdown()
            thread.join()


def tell(*arguments: str, notify: str, said: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HAOPIN_", "MONITOR_"))}
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        input=said,
        env={**kept, "no_proxy": "127.0.0.1", "HAOPIN_NOTIFY": notify, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return path


# Recipients and content


def test_a_robot_gets_what_failed_why_and_where_the_log_is() -> None:
    with listening(Robot()) as robot:
        done = tell(
            "--what",
            "备份 / the backup",
            "--log",
            "https://ci.example/7",
            notify=f"{robot.address}/cgi-bin/webhook/send?key=secret",
            said="磁盘已满 / the disk is full\n\nmore\n",
            HAOPIN_URL="https://site.example/",
        )
    assert (done.returncode, done.stdout, done.stderr) == (0, "已告诉 / notified: 127.0.0.1\n", "")
    ((path, kind, content),) = robot.got
    assert path == "/cgi-bin/webhook/send?key=secret" and kind == "application/json; charset=utf-8"
    assert content.keys() == {"msgtype", "text"} and content["msgtype"] == "text"
    lines = content["text"]["content"].splitlines()
    assert lines[0] == "【好品】失败：备份 / Haopin, failed: the backup"
    assert lines[1] == "网站 / site: https://site.example/"
    assert lines[3:6] == ["原因 / reason:", "磁盘已满 / the disk is full", "more"]
    assert lines[6] == "全部记录 / the whole log: https://ci.example/7" and "deploy/README.md" in lines[7]


def test_feishu_has_a_form_of_its_own() -> None:
    with listening(Robot('{"code": 0, "msg": "success"}')) as robot:
        assert tell("--what", "x", notify=f"{robot.address}/open-apis/bot/v2/hook/secret").returncode == 0
    ((_, _, content),) = robot.got
    assert content["msg_type"] == "text" and content["content"]["text"].startswith(
        "【好品】失败：x / Haopin, failed: x"
    )


@pytest.mark.parametrize(
    ("robot", "reason"),
    [
        (Robot('{"errcode": 93000, "errmsg": "invalid webhook url"}'), "93000 invalid webhook url"),
        (Robot('{"code": 19024, "msg": "Key Words Not Found"}'), "19024 Key Words Not Found"),
        (Robot(status=502), "HTTPError 502"),
        (Robot(status=302, location="http://127.0.0.1:9/"), "HTTPError 302"),
        (Robot(status=307, location="/elsewhere"), "HTTPError 307"),
    ],
)
def test_an_error_of_a_webhook_is_a_failure_printed_without_its_key(robot: Robot, reason: str) -> None:
    with listening(robot):
        done = tell("--what", "x", notify=f"{robot.address}/send?key=secret")
    assert done.returncode == 1 and len(robot.got) == 1
    assert done.stderr == f"没有告诉成 / not notified: 127.0.0.1: {reason}\n"


def test_mail_goes_through_sendmail(tmp_path: Path) -> None:
    program(tmp_path / "sendmail", f'printf "%s\\n" "$@" >"{tmp_path}/called"\ncat >"{tmp_path}/mail"')
    done = tell(
        "--what",
        "每夜 / night\nBcc: other@site.example",
        notify="mailto:office@site.example",
        said="资料有错",
        PATH=f"{tmp_path}:/usr/bin:/bin",
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "called").read_text() == "-i\n-t\n"
    mail = email.message_from_bytes((tmp_path / "mail").read_bytes(), policy=email.policy.default)
    assert set(mail) == {"To", "Subject", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    assert mail["To"] == "office@site.example" and "失败：每夜" in mail["Subject"]
    assert "资料有错" in mail.get_content()


def test_missing_sendmail_is_reported(tmp_path: Path) -> None:
    program(tmp_path / "sendmail", "echo no route >&2; exit 75")
    done = tell("--what", "x", notify="mailto:office@site.example", PATH=f"{tmp_path}:/usr/bin:/bin")
    assert done.returncode == 1 and done.stderr.endswith("office@site.example: code 75 no route\n")


def test_no_shell_sees_the_message(tmp_path: Path) -> None:
    notified = program(
        tmp_path / "program", f'cat >"{tmp_path}/got"; echo "$#" >"{tmp_path}/count"; env >"{tmp_path}/env"'
    )
    said = f"$(touch {tmp_path}/x) `touch {tmp_path}/x`; touch {tmp_path}/x '\"\\ \x1b[2J"
    done = tell("--what", f"$(touch {tmp_path}/x)", "--log", "; ls", notify=str(notified), said=said)
    assert done.returncode == 0 and not (tmp_path / "x").exists()
    got = (tmp_path / "got").read_text("utf-8")
    assert said.replace("\x1b", "") in got and "\x1b" not in got
    assert (tmp_path / "count").read_text() == "0\n" and "HAOPIN_NOTIFY" not in (tmp_path / "env").read_text()


def test_all_notifiers_are_tried_and_one_success_is_enough(tmp_path: Path) -> None:
    one = program(tmp_path / "one", "exit 3")
    two = program(tmp_path / "two", f'cat >"{tmp_path}/got"')
    done = tell("--what", "x", notify=f"{one} ftp://secret.example/ http://127.0.0.1:9/k=secret {two}")
    assert done.returncode == 0 and (tmp_path / "got").exists() and "secret" not in done.stdout + done.stderr
    assert "one: code 3" in done.stderr and "item 2 of HAOPIN_NOTIFY" in done.stderr and "127.0.0.1: URL" in done.stderr


@pytest.mark.parametrize("notify", ["", "office@site.example", "mailto:a@b,c@d", "mailto:-f@x y", "https:///x"])
def test_invalid_notification_settings_are_reported(notify: str) -> None:
    done = tell("--what", "x", notify=notify)
    assert done.returncode == 2 and "HAOPIN_NOTIFY" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.sweep
def test_a_message_is_short_enough_for_a_robot(tmp_path: Path) -> None:
    notified = program(tmp_path / "program", f'cat >"{tmp_path}/got"')
    said = "\n".join(f"第{n}个问题" + "很长" * 1_000 for n in range(1_000))
    assert (
        tell("--what", "x", notify=str(notified), said=said, HAOPIN_URL="https://site.example/" + "长" * 900).returncode
        == 0
    )
    got = (tmp_path / "got").read_bytes()
    assert len(got) <= 2_000 and "第0个问题" in got.decode() and got.decode().endswith("section 6）")


def test_a_slow_notification_server_does_not_block() -> None:
    """The time is shortened in a copy of the program."""
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            while not stop.wait(0.1):
                self.wfile.write(b"H")

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        text = SCRIPT.read_text("utf-8").replace("SECONDS = 30.0", "SECONDS = 0.3").replace("SECONDS + 5", "SECONDS")
        done = subprocess.run(
            [sys.executable, "-c", text, "--what", "x"],
            env={"HAOPIN_NOTIFY": f"http://127.0.0.1:{server.server_port}/k=secret", "no_proxy": "127.0.0.1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        stop.set()
        server.shutdown()
        thread.join()
    assert done.returncode == 1 and "too slow" in done.stderr


def test_personal_data_in_a_log_is_not_sent(tmp_path: Path) -> None:
    notified = program(tmp_path / "program", f'cat >"{tmp_path}/got"')
    said = "像身份证号：11010519491231002X；13800531234 138 0053 1234\n写给 li.shan@mail.example\nhttps://u:secret@git.example/x\n"
    said += "data/tasks/03.yml:12:7: 2026-11-28"
    assert (
        tell("--what", "x", "--log", "https://ci.example/1234567890", notify=str(notified), said=said).returncode == 0
    )
    got = (tmp_path / "got").read_text("utf-8")
    assert "110…" in got and "138…" in got and "写给 …@mail.example" in got and "//…@git.example/x" in got
    for secret in ("1949", "0053", "li.shan", "secret"):
        assert secret not in got
    # Places and days stay.
    assert "data/tasks/03.yml:12:7: 2026-11-28" in got and "https://ci.example/1234567890" in got


# Units of systemd


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A folder with a stand-in for journalctl, which notes how it is called."""
    program(
        tmp_path / "journalctl",
        f'printf "%s\\n" "$@" >"{tmp_path}/called"\n'
        'printf "%s\\n" "第一行 / first" second third fourth fifth sixth last',
    )
    program(tmp_path / "program", f'/bin/cat >"{tmp_path}/got"')
    return tmp_path


def test_the_reason_of_a_unit_is_what_its_last_run_printed(journal: Path) -> None:
    path = f"{journal}:/usr/bin:/bin"
    done = tell(
        "--unit",
        "haopin-nightly.service",
        notify=str(journal / "program"),
        PATH=path,
        MONITOR_INVOCATION_ID="ab12",
        MONITOR_SERVICE_RESULT="exit-code",
    )
    assert (done.returncode, done.stderr) == (0, "")
    called = (journal / "called").read_text().splitlines()
    assert "_SYSTEMD_INVOCATION_ID=ab12" in called and "_TRANSPORT=stdout" in called
    lines = (journal / "got").read_text("utf-8").splitlines()
    assert lines[0] == "【好品】失败：每夜的生成和发布 / Haopin, failed: the nightly build and release"
    assert lines[3:9] == ["第一行 / first", "second", "third", "……（还有 2 行 / 2 more lines）", "sixth", "last"]
    assert lines[9] == "全部记录 / the whole log: journalctl -u haopin-nightly.service"
    tell("--unit", "other.service", notify=str(journal / "program"), PATH=path, MONITOR_SERVICE_RESULT="timeout")
    assert "_SYSTEMD_UNIT=other.service" in (journal / "called").read_text().splitlines()
    lines = (journal / "got").read_text("utf-8").splitlines()
    assert lines[0] == "【好品】失败：other.service / Haopin, failed: other.service" and lines[3] == "systemd: timeout"


def test_without_a_journal_it_is_reported_all_the_same(journal: Path) -> None:
    (journal / "journalctl").unlink()
    done = tell("--unit", "haopin-pull.service", notify=str(journal / "program"), PATH=str(journal))
    assert "the journal cannot be read" in (journal / "got").read_text("utf-8"), done.stderr
