"""Whether what is to be released is newer than what is public: by history where it is known, or else by the clocks."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from haopin.deploy.facts import Facts
from haopin.problem import ConfigurationError

#: Runs git in the checkout; its output, or None if it fails.
Git = Callable[[Sequence[str]], bytes | None]
#: A clock may be wrong by so much before it is told of.
LENIENCE = timedelta(hours=26)
#: A release each night is the rule. So long after the last release and the last commit, the clock is rather wrong: it
#: would publish what is kept for a later day.
LONGEST_PAUSE = timedelta(days=45)


def doubts(fresh: Facts, live: Facts | None, now: datetime, there: datetime, git: Git) -> list[str]:
    """Return why ``fresh`` should not follow ``live``, in both languages each; nothing if it may.

    Args:
        fresh: What is to be released.
        live: What is public, if anything.
        now: Time of this machine.
        there: Time of the machine with the public site.
        git: Asks the checkout.
    """
    found = []
    if abs(now - there) > LENIENCE:
        found.append(
            f"本机时钟（{now:%Y-%m-%d %H:%M}）与服务器（{there:%Y-%m-%d %H:%M}）相差太多 / "
            "the clocks of this machine and of the server differ by more than a day"
        )
    if fresh.committed and now < datetime.fromtimestamp(fresh.committed, now.tzinfo) - LENIENCE:
        found.append("本机时钟早于最后一次提交 / the clock of this machine is before the last commit")
    if live is None:
        return found
    day, last = date.fromisoformat(fresh.as_of), date.fromisoformat(live.as_of)
    # A site that was edited yesterday is not of another time, however long ago it was released.
    known = max(last, datetime.fromtimestamp(fresh.committed, UTC).date())
    if day - known > LONGEST_PAUSE:
        found.append(
            f"网页日期 {day} 距公开网站的日期 {last} 有 {(day - last).days} 天：请核对本机时钟，以免提前公开 / "
            f"the pages speak for {day}, {(day - last).days} days after the public site ({last}): check the clock of "
            "this machine; a wrong one publishes what is kept for a later day"
        )
    if live.made and now < datetime.fromisoformat(live.made) - LENIENCE:
        found.append(
            f"本机时钟（{now:%Y-%m-%d %H:%M}）早于上次发布（{live.made}） / "
            "the clock of this machine is before the last release"
        )
    if day < last:
        found.append(
            f"网页日期 {fresh.as_of} 早于公开网站的 {live.as_of} / "
            "the pages speak for a day before that of the public site"
        )
    if gone := set(live.withdrawals) - set(fresh.withdrawals):
        found.append(
            f"公开网站依据的撤下记录，这里少了 {len(gone)} 条：撤下的内容会重新公开 / withdrawals that the public site "
            f"obeys and this one does not: {len(gone)}; what was taken back would be public again"
        )
    if _is_older(fresh, live, git):
        found.append(
            f"这份资料比公开网站的旧（{live.commit[:12]}），请先更新 / this checkout is older than that of the public "
            "site; update it first"
        )
    return found


def refuse(told: Sequence[str], force: bool) -> None:
    """Stop at what was ``told`` of doubts, unless the release is forced.

    Raises:
        ConfigurationError: with all of them.
    """
    if told and not force:
        raise ConfigurationError("\n".join([*told, "确实要发布，加 --force / to release it nevertheless: --force"]))


def _is_older(fresh: Facts, live: Facts, git: Git) -> bool:
    if not fresh.commit or not live.commit or fresh.commit == live.commit:
        return False
    if git(["cat-file", "-e", f"{live.commit}^{{commit}}"]) is not None:
        # The public commit is known here: it is newer if this one is among its ancestors.
        return git(["merge-base", "--is-ancestor", fresh.commit, live.commit]) is not None
    return fresh.committed < live.committed
