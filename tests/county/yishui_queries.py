"""Search queries for the first county: the first result, required results, and excluded ones."""

from queries import Query

MONTH, WATER, NOTICE, PLAN = "activities/quality-month/", "bodies/water/", "documents/notice-2023-13/", "tasks/12/"
PLEDGES = "tasks/07/#honest-measurement-commitments"
HOTLINE, RIGHTS = "bodies/hotline-12345/", "activities/consumer-rights-day/"
METROLOGY, PROVINCE = "activities/metrology-day/", "documents/shandong-2022-2/"

CHINESE = (
    # Words of two characters, and words within longer ones
    ("药品", "tasks/01/", ("tasks/09/", "targets/#drug-inspection-coverage", NOTICE), (PLAN, MONTH, WATER)),
    ("计量", "activities/", ("tasks/07/", METROLOGY, "glossary/#metrology"), ("tasks/02/", WATER)),
    ("标准", "tasks/06/", ("activities/standards-day/",), (MONTH,)),
    ("投诉", "tasks/09/", ("participate/", "needs/"), ("tasks/02/", "measures/", "matrix/")),
    ("电梯", "glossary/#special-equipment", (), ("tasks/",)),
    ("质量月", MONTH, (PLAN, "glossary/#quality-month", NOTICE), ("tasks/01/", WATER, "measures/")),
    ("世界计量日", METROLOGY, ("glossary/#world-metrology-day", PLAN), ("activities/standards-day/",)),
    ("水利局", WATER, ("tasks/02/",), ("tasks/01/", "bodies/housing/", "matrix/")),
    ("市场监管", "bodies/market-regulation/", ("tasks/01/", PLAN), ("tasks/02/",)),
    ("黑臭水体", "tasks/04/#black-odorous-water", ("needs/",), ("tasks/01/", "sitemap/")),
    ("泰山杯", "glossary/#taishan-cup", ("honours/", "tasks/02/"), ("tasks/11/",)),
    ("双随机", "tasks/01/#random-inspection", ("disclosure/",), (MONTH,)),
    ("“双随机、一公开”", "tasks/01/#random-inspection", ("tasks/09/#follow-up-rate",), (MONTH,)),
    ("全国质量月", MONTH, (PLAN,), ("tasks/01/",)),
    ("一站式", "services/", ("tasks/05/",), ("tasks/01/",)),
    ("责任矩阵", "matrix/", (), ("tasks/",)),
    ("全部举措", "measures/", (), ("tasks/01/",)),
    ("网站地图", "sitemap/", (), ("tasks/",)),
    # Numbers
    ("12345", HOTLINE, ("glossary/#12345-government-service-hotline", "tasks/09/"), ("tasks/01/",)),
    ("\uff11\uff12\uff13\uff14\uff15", HOTLINE, ("participate/",), ("tasks/01/",)),
    ("1234", "", (), (HOTLINE,)),
    ("2345", "", (), (HOTLINE,)),
    ("2013", ""),
    ("130", ""),
    ("100%", "tasks/01/#drug-inspection-coverage", ("targets/",), ("tasks/04/",)),
    ("100\uff05", "tasks/01/#drug-inspection-coverage", ("targets/",), ("tasks/04/",)),
    ("90%", "tasks/09/#follow-up-rate", ("targets/#follow-up-rate",), ("tasks/02/",)),
    ("315", RIGHTS, (PLAN,), ("activities/brand-day/",)),
    ("3.15", RIGHTS, (PLAN, NOTICE), ("activities/brand-day/",)),
    ("3·15", RIGHTS, (PLAN, NOTICE), ("activities/brand-day/",)),
    ("3+1", "tasks/01/#industrial-system", ("industries/",), ("tasks/04/",)),
    # Numbers of documents
    ("〔2023〕13号", NOTICE, ("documents/",), (PROVINCE, "tasks/")),
    ("[2023]13号", NOTICE, (), (PROVINCE, "tasks/")),
    ("(2023)13", NOTICE, (), (PROVINCE, "tasks/")),
    ("\uff082023\uff0913号", NOTICE, (), (PROVINCE, "tasks/")),
    ("2023 13号", NOTICE, (), (PROVINCE, "tasks/")),
    ("沂政发〔2023〕13号", NOTICE, (), (PROVINCE,)),
    ("沂政发202313号", NOTICE, (), (PROVINCE,)),
    ("202313", NOTICE, (), (PROVINCE,)),
    ("鲁质强发〔2022〕2号", PROVINCE, (NOTICE,), ("tasks/",)),
    ("鲁质强发20222号", PROVINCE, (NOTICE,), ("tasks/",)),
    # Full and half width, traditional characters
    ("ｎｑｉ", "tasks/05/", ("glossary/#nqi-service-platform",), ("tasks/01/",)),
    ("質量月", MONTH, (PLAN,), ("tasks/01/",)),
    ("藥品監督", "tasks/01/#drug-inspection-coverage", ("tasks/01/",), (PLAN,)),
    ("責任單位", "bodies/", (), ("tasks/06/#standards-supply",)),
    ("環境", "tasks/04/", ("bodies/ecology-environment/",), ("tasks/13/",)),
    ("臺賬", "safeguards/#joint-effort-task-ledger", ("glossary/#task-ledger",), ("tasks/05/",)),
    # Pinyin
    ("zhiliangyue", MONTH, ("glossary/#quality-month",), (PLAN, "tasks/01/")),
    ("zhi liang yue", MONTH, ("glossary/#quality-month",), (PLAN, "tasks/01/")),
    ("zly", MONTH, ("glossary/#quality-month",), (PLAN, "tasks/01/")),
    ("sjjlr", METROLOGY, ("glossary/#world-metrology-day",), (MONTH,)),
    ("shijiejiliangri", METROLOGY, (), (MONTH,)),
    ("shuiliju", WATER, ("glossary/#water-resources-bureau",), ("bodies/housing/",)),
    ("xingzheng", "bodies/administrative-approval/", (), ("bodies/housing/",)),
    ("taishanbei", "glossary/#taishan-cup", ("honours/",), ("tasks/02/",)),
    ("li", "", (), ("tasks/",)),
    # Tasks by their numbers
    ("任务3", "tasks/03/", (), ("tasks/13/", "tasks/02/")),
    ("任务03", "tasks/03/", (), ("tasks/13/",)),
    ("任务 3", "tasks/03/", (), ("tasks/13/",)),
    ("任務13", "tasks/13/", (), ("tasks/01/", "tasks/03/")),
    ("3", "tasks/03/", (), ("tasks/13/",)),
    # Several words
    ("质量月 市场监管", MONTH, (PLAN,), ("tasks/01/", WATER)),
    ("住建局 验房", "tasks/02/", (NOTICE,), ("tasks/01/",)),
    ("药品 监督", "tasks/01/#drug-inspection-coverage", ("tasks/01/",), (MONTH,)),
    ("质量月 不存在的词", ""),
    ("不存在的词", ""),
)

ENGLISH = (
    ("quality month", MONTH, ("glossary/#quality-month", PLAN), (WATER,)),
    ("METROLOGY day", METROLOGY, ("glossary/#world-metrology-day",), (WATER,)),
    # Stems
    ("commitment", "tasks/09/#quality-at-source", (PLEDGES,), ("glossary/#county-party-committee", WATER)),
    ("committed", "tasks/09/#quality-at-source", (PLEDGES,), ("glossary/#county-party-committee",)),
    ("pledge", PLEDGES),
    ("inspect", "tasks/01/#random-inspection", ("bodies/inspection-testing/",), (PLAN,)),
    ("inspections", "tasks/01/#drug-inspection-coverage", ("bodies/inspection-testing/",), (PLAN,)),
    ("certified", "tasks/07/", ("glossary/#certification-and-accreditation",), ("tasks/04/",)),
    ("regulate", "tasks/01/", ("bodies/market-regulation/",), ("tasks/04/",)),
    ("complaints", "tasks/09/#complaint-channels", ("needs/",), (MONTH,)),
    ("standardize", "tasks/", ("glossary/#standardization-pilot",), (MONTH,)),
    ("governor's award", "honours/", ("tasks/11/",), ("tasks/01/",)),
    ("governor\u2019s", "honours/", ("tasks/11/",), ("glossary/#peoples-government-of-yishui-county",)),
    ("one stop", "services/", ("tasks/05/",), ("tasks/04/",)),
    ("one-stop", "services/", ("tasks/05/",), ("tasks/04/",)),
    ("blue skies", "tasks/04/#blue-skies", ("activities/blue-skies/",), (MONTH,)),
    # No word begins within a word
    ("ort", ""),
    ("rug", ""),
    ("port", "", (), (NOTICE,)),
    # Numbers
    ("12345", HOTLINE, ("glossary/#12345-government-service-hotline",), ("tasks/01/",)),
    ("1234", ""),
    ("100%", "tasks/01/#drug-inspection-coverage", ("targets/",), ("tasks/04/",)),
    ("Yi Zheng Fa [2023] No. 13", NOTICE, (), (PROVINCE, "tasks/")),
    ("2023 No. 13", NOTICE, (), (PROVINCE, "tasks/")),
    ("[2023]13", NOTICE, (), (PROVINCE, "tasks/")),
    ("沂政发〔2023〕13号", NOTICE, (), (PROVINCE, "tasks/")),
    ("task 3", "tasks/03/", (), ("tasks/13/",)),
    ("Task 03", "tasks/03/", (), ("tasks/13/",)),
    ("site map", "sitemap/"),
    ("Water Resources", WATER, ("tasks/02/",), ("bodies/housing/",)),
    # Chinese names that are shown, in either script; no pinyin
    ("质量月", PLAN, (MONTH, "glossary/#quality-month"), ("tasks/01/",)),
    ("質量月", PLAN, (MONTH,), ("tasks/01/",)),
    ("zhiliangyue", ""),
    ("zly", ""),
    ("qqqq", ""),
)

QUERIES: tuple[Query, ...] = (
    *(Query("zh", *given) for given in CHINESE),
    *(Query("en", *given) for given in ENGLISH),
)
