"""Rules on the numbers of targets: permitted combinations of fields, and values."""

from collections.abc import Iterator
from decimal import Decimal

from haopin.check.entries import RecordIndex
from haopin.model.ledger import Entry
from haopin.model.target import Baseline, Milestone, Target, TargetNumber, Unit
from haopin.problem import Place, Problem, problem

# Fields that require a number, with the message for a target without one.
_OF_NUMBERS = ("value", "to", "unit", "change", "per", "counted", "baseline", "milestones")
_WITHOUT = {
    "achieve": (
        "“achieve”(达成某状态)不带数值,请删去“{field}”",
        "“achieve” is a state without a number; delete “{field}”",
    ),
    "full-coverage": (
        "“full-coverage”(全覆盖)就是 100%,请删去“{field}”",
        "“full-coverage” means 100%; delete “{field}”",
    ),
}


def targets_are_whole(entries: RecordIndex) -> Iterator[Problem]:
    """A number has a unit; a state to be achieved has neither."""
    for target, place in entries.of(Target):
        if target.comparator in _WITHOUT:
            forbidden = _OF_NUMBERS if target.comparator == "achieve" else ("value", "to", "unit", "change")
            for field in forbidden:
                if getattr(target, field) not in (None, ()):
                    yield problem(place.at(field), *_WITHOUT[target.comparator], field=field)
        else:
            yield from _needs(target.value, place, "value")
            yield from _needs(target.unit, place, "unit")
        for field in ("unit", "counted"):
            yield from _unit(getattr(target, field), place.at(field))
        number = target.number
        if number is not None:
            if target.comparator != "full-coverage":
                yield from _number(number, place)
            yield from _counted(target, number, place)


def _needs(value: object, place: Place, field: str) -> Iterator[Problem]:
    if value is None:
        yield problem(
            place.at(field, key=True),
            "量化目标缺少“{field}”,请补上",
            "the target has no “{field}”; add it",
            field=field,
        )


def _unit(unit: Unit | None, place: Place) -> Iterator[Problem]:
    if unit is None:
        return
    if unit.factor is not None and unit.factor <= 0:
        yield problem(
            place.at("factor"),
            "“{value}”须大于 0:英文单位小多少倍就填多少",
            "“{value}” must be greater than 0: it multiplies the number in English",
            value=unit.factor,
        )
    if unit.is_percent is not (unit.en in ("%", "percent", "per cent")):
        yield problem(
            place,
            "百分比请写 unit{colon} percent,两种语言才一致",
            "write unit: percent for per cent, so that both languages agree",
        )


def _number(number: TargetNumber, place: Place) -> Iterator[Problem]:
    """Yield the problems of the number of a target or milestone at ``place``."""
    ranged = number.comparator == "between"
    if ranged and number.to is None:
        yield problem(
            place.at("to", key=True),
            "“between”(在两个数之间)还须写上限“to”",
            "“between” needs the upper end of the range in “to”",
        )
    elif not ranged and number.to is not None:
        yield problem(
            place.at("to"),
            "“to”是范围的上限:请把 comparator 改为 between,或删去“to”",
            "“to” is the upper end of a range: set the comparator to “between”, or delete “to”",
        )
    elif number.to is not None and number.to <= number.value:
        yield problem(
            place.at("to"),
            "范围的上限“{to}”须大于下限“{value}”,请核对或对调",
            "the upper end “{to}” must be greater than the lower “{value}”; check or exchange them",
            to=number.to,
            value=number.value,
        )
    for field, value in (("value", number.value), ("to", number.to)):
        if value is not None:
            yield from _amount(number, value, place.at(field))


def _amount(number: TargetNumber, value: Decimal, place: Place) -> Iterator[Problem]:
    if number.is_share and not 0 <= value <= 100:
        yield percentage_out_of_range(place, value)
    elif number.is_change_by and value <= 0:
        yield problem(
            place,
            "变化的幅度“{value}”须大于 0;下降的写 change{colon} down-by",
            "the size of a change, “{value}”, must be greater than 0; for a decrease write change: down-by",
            value=value,
        )


def percentage_out_of_range(place: Place, value: Decimal) -> Problem:
    """Return the problem of a percentage outside 0 to 100."""
    return problem(
        place,
        "百分比“{value}”须在 0 到 100 之间",
        "the percentage “{value}” must lie between 0 and 100",
        value=value,
    )


def _counted(target: Target, number: TargetNumber, place: Place) -> Iterator[Problem]:
    if target.counted is not None and (not number.is_share or target.counted.is_percent):
        yield problem(
            place.at("counted"),
            "“counted”写数的是什么(如 人),只用于百分比和全覆盖的目标;请改正或删去",
            "“counted” says what is counted (such as people), for targets in per cent or full coverage only; correct "
            "or delete it",
        )


def milestones_lead_to_their_target(entries: RecordIndex) -> Iterator[Problem]:
    """Milestones have a number and a date; dates ascend and precede the due date of the target."""
    for target, place in entries.of(Target):
        if target.number is None:
            continue
        before: Milestone | None = None
        for index, milestone in enumerate(target.milestones):
            here = place.at("milestones", index)
            yield from _number(target.number_of(milestone), here)
            if target.due is not None and milestone.due >= target.due:
                yield problem(
                    here.at("due"),
                    "阶段目标的期限“{day}”须早于目标的期限“{due}”;最后的数值写在目标本身的 value 和 due",
                    "the milestone’s due date “{day}” must be before the target’s, “{due}”; the final number belongs "
                    "in value and due of the target itself",
                    day=milestone.due,
                    due=target.due,
                )
            if before is not None and milestone.due <= before.due:
                yield problem(
                    here.at("due"),
                    "阶段目标须从早到晚:“{day}”不晚于前一个的“{before}”,请调换或改正",
                    "milestones stand earliest first: “{day}” is not after the one before, “{before}”; change the "
                    "order, or correct it",
                    day=milestone.due,
                    before=before.due,
                )
            before = milestone


def baselines_say_when(entries: RecordIndex) -> Iterator[Problem]:
    """A baseline has a year or a date; its number has a unit and a source."""
    for target, place in entries.of(Target):
        baseline = target.baseline
        if baseline is None or target.number is None:
            continue
        here = place.at("baseline")
        if (baseline.year is None) == (baseline.day is None):
            yield problem(
                here,
                "基数应写 year(年份)或 day(日期)中的一个,不多不少",
                "a baseline has exactly one of year and day",
            )
        yield from _baseline_number(target.number, baseline, here)
        last = baseline.day.year if baseline.day else baseline.year
        if target.due is not None and last is not None and last > target.due.year:
            yield problem(
                here.at("day" if baseline.day else "year"),
                "基数“{year}”年晚于目标的期限“{due}”,请核对",
                "the baseline of “{year}” is later than the target’s due date “{due}”; check both",
                year=last,
                due=target.due,
            )


def _baseline_number(number: TargetNumber, baseline: Baseline, place: Place) -> Iterator[Problem]:
    yield from _unit(baseline.unit, place.at("unit"))
    if baseline.value is None:
        for field in ("unit", "source"):
            if getattr(baseline, field) is not None:
                yield problem(
                    place.at(field),
                    "基数没有“value”(数值),请补上,或删去“{field}”",
                    "the baseline has no “value”; add it, or delete “{field}”",
                    field=field,
                )
        return
    if baseline.unit is None and number.is_change_by and number.unit.is_percent:
        yield problem(
            place.at("unit", key=True),
            "目标是变化的百分比,基数本身不是:请写基数的“unit”(单位)",
            "the target is a change in per cent, which the baseline is not: give the “unit” of the baseline",
        )
    if baseline.quote is None and baseline.source is None:
        yield problem(
            place.at("source", key=True),
            "基数的数值须有出处:原文写了的写“quote”(引文),没写的写“source”(来源)",
            "the number of a baseline needs its source: “quote” where the document has it, otherwise “source”",
        )


def reported_numbers_fit(entries: RecordIndex) -> Iterator[Problem]:
    """A report on a target with a number has a value in its unit, or a part and a total of what it counts."""
    targets = {target.id: target for target, _ in entries.of(Target)}
    for entry, place in entries.of(Entry):
        target = targets.get(entry.target or "")
        number = target.number if target is not None else None
        if target is None or number is None:
            continue
        if entry.of is not None and target.counted is None:
            yield problem(
                place.at("of"),
                "“{about}”没有写数的是什么:请在目标里写“counted”,或删去“of”",
                "“{about}” does not say what it counts: add “counted” to the target, or delete “of”",
                about=entry.about,
            )
            continue
        if entry.value is None:
            continue
        yield from _reported_unit(entry, target.counted if entry.of is not None else number.unit, place)
        if entry.of is not None:
            yield from _part_of_whole(entry.value, entry.of, place)
        elif number.is_share and not 0 <= entry.value <= 100:
            yield percentage_out_of_range(place.at("value"), entry.value)
        yield from _level_for_change(entry.value, target, number, place)


def _reported_unit(entry: Entry, unit: Unit | None, place: Place) -> Iterator[Problem]:
    if unit is not None and unit.zh and entry.unit != unit:
        fields = unit.model_dump(mode="json", exclude_none=True)
        written = fields if isinstance(fields, str) else f"{{{', '.join(f'{k}: {v}' for k, v in fields.items())}}}"
        yield problem(
            place.at("unit", key=entry.unit is None),
            "单位应与目标一致:“{expected}”",
            "the unit must be that of the target: “{expected}”",
            expected=written,
        )


def _part_of_whole(value: Decimal, of: Decimal, place: Place) -> Iterator[Problem]:
    if of <= 0:
        yield problem(place.at("of"), "总数“{of}”须大于 0", "the total “{of}” must be greater than 0", of=of)
    elif value > of:
        yield problem(
            place.at("of"),
            "总数“{of}”小于其中的“{value}”:value 写其中的数(如 137),of 写总数(如 400)",
            "the total “{of}” is less than the part “{value}”: value is the part (such as 137), of the total (400)",
            of=of,
            value=value,
        )
    elif value < 0:
        yield problem(place.at("value"), "“{value}”不能小于 0", "“{value}” must not be less than 0", value=value)


def _level_for_change(value: Decimal, target: Target, number: TargetNumber, place: Place) -> Iterator[Problem]:
    """Yield a warning if a report seems to give the level reached instead of the size of the change."""
    baseline = target.baseline
    if not number.is_change_by or number.unit.is_percent or baseline is None or baseline.value is None:
        return
    if baseline.unit in (None, number.unit) and value >= baseline.value > 0:
        yield problem(
            place.at("value"),
            "“{value}”不小于基数“{baseline}”:这里填变化了多少,不填现在有多少;如没有填错,可以不改",
            "“{value}” is not less than the baseline “{baseline}”: report the size of the change, not the level "
            "reached; leave it if it is right",
            severity="warning",
            value=value,
            baseline=baseline.value,
        )
