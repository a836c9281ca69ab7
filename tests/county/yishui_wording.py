"""Texts that a review of November 2026 found untrue or badly worded, as the site or the program had them.

None may come back. Findings are numbered as in the review: A truth, B English, C Chinese, D translation. What is no
single text is tested elsewhere: A4 (who publishes the site) by `test_place`, A17 (a rate to be kept) by
`test_progress`, C5 (what is counted) by `test_measure_counts`, marks of C8 by `test_typography`.
"""

#: Old texts of the site, by finding.
OLD: dict[str, tuple[str, ...]] = {
    # Truth
    "A1": ("Not yet announced", "Theme not yet announced", "主题尚未公布", "not yet announced"),
    "A2": ("Held every September since 1978", "1978年起每年9月举行"),
    "A3": ("Held since 1970 by the IEC, ISO, and ITU", "1970年起由国际电工委员会"),
    "A5": ("2023年6月27日印发", "issued on 27 June 2023", "Date of adoption"),
    "A6": ("Yishui County is working to become", "沂水县创建质量强县：承诺了什么，谁负责，进行到哪一步"),
    "A7": (
        "一条不多，一条不少",
        "these and no others",
        "exactly as written",
        "一如原文",
    ),
    "A8": ("gives each task to its bodies jointly", "把任务交给责任单位共同负责", "names no lead body. Neither do we"),
    "A9": (
        "date, origin, and the theme of each year",
        "日期、由来与历年主题",
        "Tasks and contact details:",
        "负责的任务与联系方式",
    ),
    "A10": (
        "计量：建立信任的基石 （非官方译名）",
        "计量：建立信任的基石（非官方译名）",
        "Innovation Cooperation Future (unofficial translation)",
        "中文表述待核实",
        "the Chinese wording is to be confirmed",
        "赋能中小企业（SMEs）发展",
        "exact English wording not seen",
    ),
    "A11": (
        "仅见转载，待县里核实",
        "待县里核实",
        "Seen only in a reprint; to be confirmed by the county",
        "to be confirmed by the county",
        "lingbi.gov.cn",
    ),
    "A12": ("与任务 5 中的“县行政审批服务局”是同一单位", "it is the same body as in task 5"),
    "A13": (
        "监督抽查发现问题后，已经作出后续处理的比例。",
        "The share of problems found in spot checks that have then been dealt with.",
    ),
    "A14": (
        "方案写明要争创的奖项、品牌、称号",
        "that the plan aims at, and the titles that it says are to be kept and built on",
        "Titles aimed at",
        "Brands aimed at",
        "Awards aimed at",
        "称号 争创",
        "品牌 争创",
    ),
    "A15": (
        "一般理解为产业、能源、运输、用地结构",
        "they are generally understood as those of industry, energy, transport, and land use",
        "一般理解为危险废物、尾矿库、危险化学品",
        "it is generally understood as hazardous waste, tailings ponds, and hazardous chemicals",
    ),
    "A16": ("the plan also offers help with certification, metrology, and standards", "另有认证、计量、标准方面的帮扶"),
    "A18": (
        "通知与方案全文一字不改，可以逐条查看",
        "can be read in full, clause by clause, in Chinese and in English",
        "原文的半角标点显示为全角",
        "only its punctuation is shown in full-width form",
    ),
    # English
    "B1": ("Creation Campaign Work Plan", "Creation Campaign", "creation campaign"),
    "B2": ("Engineering quality", "engineering quality", "(products, engineering, services, and the environment)"),
    "B3": ("All 209 measures", "全部209条举措", "20th Party Congress"),
    "B4": ("; Yishui County Bureau of Human Resources and Social Security and other departments",),
    "B5": ("says “done”.",),
    "B6": ("fill gaps in, extend and strengthen", "hazardous waste, tailings ponds and hazardous chemicals"),
    "B7": ("Advance innovation in four fields",),
    "B8": ("Task 04", "任务04", "≥ 90%"),
    "B9": ("Branch of a city body", "City standard", "Linyi city government"),
    "B10": ("Linyi City, Shandong Province · Yishui County",),
    "B11": ("Honor wall", "Honor roll"),
    "B12": ("not yet reported", "Not yet reported"),
    "B home": (
        "This site makes public the work of Yishui County",
        "The complaint line that the plan names: tap to call",
        "I want to complain",
        "I want the document",
    ),
    "B menu": (
        "Take part or complain",
        "Find by need",
        "Disclosure and risk",
        "Other views of the commitments",
        "How to take part, complain, and get services",
    ),
    "B needs": (
        "For newly built homes the plan provides two things:",
        "Contacts of the platform are not yet reported",
        "The procedure and its time limits are not yet reported",
        "treatment of black and odorous water and of rural sewage",
    ),
    "B measures": (
        "Follow a short title to the words of the notice",
        "No measure fits these filters",
        "Try fewer.",
        "Words in the title",
    ),
    "B tasks": ("every one with the words of the notice",),
    "B about": ("The foot of every page gives the date of the data", "Neither do we"),
    "B privacy": ("What this site does not decide",),
    "B accessibility": (
        "There are light and dark colors, and no motion if your device asks for less",
        "one page of each kind by eye",
    ),
    "B subscribe": (
        "or follow what is published in a feed reader",
        "subscriptions update by themselves",
        "open the file with the calendar",
    ),
    "B wall": ("It prints on one sheet of A4, sideways",),
    "B targets": (
        "The commitments for which the plan states a number or a state to be reached",
        "period ended, result not published",
        "To be reached",
    ),
    "B bodies": ("Tasks it is responsible for", "Task 8 of the notice writes"),
    "B timeline": ("The position follows only from",),
    "B phase": ("Period over",),
    "B services": ("The lines of business of the one-stop", "What each line of business offers, and its contact"),
    "B safeguards": ("What the plan lays down to see its tasks carried out",),
    "B honours": ("titles that it says are to be kept and built on", "Awards aimed at"),
    "B api": ("“derived” holds what is worked out from it", "generated anew"),
    "B glossary": (
        "Organized work to meet the requirements for an official title and so be awarded it",
        "a yearly day for promoting Chinese brands",
        "Official shorthand for three sources of environmental risk, the second being",
        "business-friendly policy",
        "no unwarranted disturbance",
    ),
    "B plan": (
        "health licensing",
        "the tasks of each unit",
        "spread the culture of quality",
        "Slogan for the spirit of quality",
    ),
    "B titles": (
        "Raise compulsory verification coverage and rates",
        "Guide users to honor honest measurement commitments",
        "Build a quality integrity system",
    ),
    "B reference": ("e-mail",),
    # Chinese
    "C1": ("承诺的其他看法",),
    "C2": ("尚未报送", "没有报送的，写", "结果报送后在本站公布"),
    "C3": ("方案点名", "点名的责任单位"),
    "C4": ("条举措", "看这一条的"),
    "C5": ("全部209",),
    "C6": ("用数字承诺", "承诺做什么"),
    "C8": (
        "、 县",
        "、 市",
        "泰山杯, 2023",
        "好品山东, 2026",
        "每年 九月",
        "任务 5",
        "不低于 4.5:1",
        "查看详情：建设质量基础设施（NQI） 一站式",
    ),
    "C9": ("我关心吃的和用的药", "药品监督检查要覆盖到百分之百"),
    "C12": (
        "本站不猜",
        "一图看清",
        "不由本站决定的",
        "翻到下一页时不变样",
    ),
    "C13": ("由县里申报", "省里评价", "省里对"),
    "C14": ("期间已过", "尚未达成", "是否达成", "再显示一些", "双随机抽查", "已后处理", "当前位置。"),
    "C15": (
        "方案为落实任务定下的保障",
        "读者是写程序的人",
        "只要表格的，请到",
        "不用登记",
        "只用键盘可以到达每一处",
        "浅底竖线的文字",
    ),
    # The translation
    "D": (
        "all township people’s governments (subdistrict offices)",
        "follow it closely",
    ),
}

#: Old texts that are true once the office has published something.
OLD_UNTIL_PUBLISHED: dict[str, tuple[str, ...]] = {"A9": ("and what has been published", "公开了什么")}

#: Old texts of commands and handbooks.
OLD_PROGRAM: dict[str, tuple[str, ...]] = {
    "B CLI": (
        "look whether the public site is well",
        "looks whether the public site is well",
        "record that English is up to date",
        "without ids: list what waits",
        "lists what waits",
        "cannot be asked",
        "the last release comes back if need be",
        "the gate is shut",
    ),
    "B README": (
        "what lies on the server",
        "asks for known vulnerabilities",
        "resolves the locked dependencies anew",
        "The pages speak for today",
        "the public pages speak for",
        "Putting the site on line",
    ),
    "C11": ("最近报告", "没有新报告", "过期未完成", "终审人职务", '"获得者"'),
    "C15": ("网站之外还给出", "两条命令做完一切", "发布不成，公开的网站不动"),
    "C16": ("转来转去", "写不进", "读不了这个文件", "没有应答，不知道网站怎么样"),
    "C manual": ("职务照提示写全", "缺的会问"),
}
