"""The help of the commands in Chinese, by the English text, or its first line."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HELP = "A rules engine for public policy: decides cases by rule packs, with reasons and citations."

CHINESE: Mapping[str, str] = MappingProxyType(
    {
        HELP: """公共政策规则引擎：按规则包判定案例，给出理由和条款依据。

退出码：

\b
0    一切正常
1    有发现：结果不符，案例、文件或规则包无法读取，规则包有错误
2    用法有误
3    内部错误（DTE999）
130  已中断
141  输出的读取方已关闭""",
        "Decide the cases of files: verdict, amount, reasons, what is missing.": """判定案例：结论、金额、理由、尚缺的事实。

案例、文件或规则包无法读取时退出码为 1；其余案例照常判定。""",
        "Decide the cases of files and compare with what they expect.": """判定案例，并与其期望（expect）比对。

有任何不符，或案例、文件、规则包无法读取时，退出码为 1。""",
        "Check packs: every error and warning, with its line.": """检查规则包：列出全部错误和警告及其所在行。

有错误时退出码为 1；只有警告时为 0。""",
        "Begin a folder of packs of your own, with copies of the shipped packs and the schemas for editors.": """\
建立自己的规则包文件夹，放入随附规则包的副本和供编辑器使用的 Schema。

规则包放在其中的 rules 文件夹，Schema 放在 schemas 文件夹。全国性规定和工作日历仍用程序库自带的，随版本更新。不覆盖任何文件：
其中任一文件已存在时，退出码为 1，不写入任何内容。""",
        "Folder to begin; it is made if it isn't there.": "要建立的文件夹，不存在时新建。",
        "Only this pack, with those that it extends; may be given again.": "只要该规则包及其所继承的规则包，可多次给出。",
        "Show what became of each clause of the packs' documents.": """列出各文件的每一条款及其落实情况，并给出覆盖数字。

用 --sources 与文件文本核对：清单缺少的条款、文本中没有的序号、规则中与所依据条款不符的数字、文本的改动；有发现时退出码为 1。""",
        "Show the interpretations of the packs, and what hangs on each.": "列出各规则包的解释口径、各种读法，以及取决于它的规则和判定。",
        "Folder with the documents' texts (*.txt, UTF-8) to compare with.": "存放文件文本的文件夹（*.txt，UTF-8），用于核对。",
        "Only this pack.": "只看该规则包。",
        "Write the JSON Schema of packs or case files, for editors.": """输出规则包或案例文件的 JSON Schema，供编辑器使用。

在文件首行写明：# yaml-language-server: $schema=路径。案例文件的 Schema 含各规则包的地区、判定、口径和事实。""",
        "Which files: packs, calendars, case files, or properties.": "哪一类文件：规则包、放假安排、案例文件或命题文件。",
        "File to write; without it, print.": "写入的文件；不写则输出到屏幕。",
        "Write the pages of packs and the reference pages, as Markdown.": """生成规则包页面和参考页面（Markdown）。

每个规则包中英文各一页；不写 --region 时还生成诊断、事实、命令、内置函数和格式的页面。只写有变化的页面。""",
        "Folder to write to.": "写入的文件夹。",
        "Only the pages of this pack.": "只生成该规则包的页面。",
        "Show what cases reach of the rules: rules, table rows, truths of conditions, and which of them matter by themselves.": """\
显示案例覆盖了哪些规则、表行、条件取值，以及哪些条件独立起作用。

条件独立起作用（MC/DC）：有两个案例，该条件取值不同且各自决定结果，而结果相反。""",
        "Plant faults in the rules, one at a time, and show which of them no case notices.": """\
逐个在规则中植入错误，显示哪些错误没有案例能发现。

每个存活的变异附有一个由求解器找出、能发现它的案例，供核对后加入；--out 把这些案例写入文件。
求解器证明没有人判定不同的变异不计入得分。有变异存活时退出码为 1。""",
        "Write a small set of cases that reaches every condition of a decision, for an analyst to sign off.": """\
生成一小组覆盖某项判定全部条件的案例，供政策人员核定。

expect 是现有规则的判定结果：须逐条对照文件核定后方可采用。""",
        "Only the rules of this pack.": "只看该规则包的规则。",
        "Only the rules of this decision.": "只看该判定的规则。",
        "A table, JSON for programs, or the pack line by line as HTML.": "表格、供程序使用的 JSON，或逐行标注规则包的 HTML。",
        "Case files; without any, those of cases/ or tests/cases/.": "案例文件；不写则用 cases/ 或 tests/cases/ 中的文件。",
        "Further case files.": "更多案例文件。",
        "Stop after so many seconds; what is left is `not run`.": "到此秒数即停；余下的记为未运行。",
        "How many processes.": "使用几个进程。",
        "How many generated cases are tried where the solver can't tell.": "求解器不能判断时，尝试多少个生成案例。",
        "How long the solver looks at one survivor.": "求解器对每个存活的变异至多用几秒。",
        "The pack whose rules are to be reached.": "要覆盖其规则的规则包。",
        "The decision whose rules are to be reached.": "要覆盖其规则的判定。",
        "The same seed gives the same cases.": "种子相同，案例相同。",
        "How many generated cases there are to choose from.": "从多少个生成案例中挑选。",
        "Folder of packs; without it, the shipped packs.": "规则包所在文件夹；不写则用自带的规则包。",
        "Language of the output; by default the environment's.": "输出语言；默认依环境变量。",
        "A readable account, or JSON for programs.": "可读的说明，或供程序使用的 JSON。",
        "Which engine decides; they agree.": "使用哪个引擎；各引擎结果一致。",
        "Case files, YAML or JSON; - reads from standard input.": "案例文件（YAML 或 JSON）；- 表示标准输入。",
        "Packs, each checked in its own folder; without any, all packs.": "规则包，各在其所在文件夹中检查；不写则检查全部。",
        "Explain the decisions of cases: what decides, what was found and asked, by which clause.": """说明案例为何如此判定。

列出决定性的条件、查明的与要求的、所依条款。
案例、文件或规则包无法读取，或者没有该编号的案例时退出码为 1；其余案例照常说明。""",
        "Draw a decision: terms, tables, conditions, outcome, coloured by a case if one is given.": """画出一项判定，可按案例的结果着色。

图中有推导事实、标准表、条件和结论。
须给出 --region 和 --decision，或者 --case。案例或规则包无法读取时退出码为 1。""",
        "Only the cases of this id; may be given several times.": "只说明该编号的案例；可写多次。",
        "Every condition, parameter, rule and fact, unfolded.": "展开全部条件、标准、规则和事实。",
        "A tree, Markdown, a letter as a page of HTML, or JSON.": "树状说明、Markdown、HTML 通知书或 JSON。",
        "File to write; a folder gets a file for each case.": "写入的文件；如为文件夹，则每个案例一个文件。",
        "The pack, as jinhua; from the case if one is given.": "规则包，如 jinhua；给出案例时依案例。",
        "The decision; from the case if one is given.": "判定事项；给出案例时依案例。",
        "A case file; its outcome is drawn in.": "案例文件；画出其结果。",
        "Which case of the file; without it, the first.": "文件中的哪个案例；不写则为第一个。",
        "The day; by default the case's, else that of the latest rules.": "判定日；默认依案例，否则为规则最近一次变动之日。",
        "Mermaid text, or a picture as SVG.": "Mermaid 文本或 SVG 图。",
        "Analyse packs: what can't happen, never decides, contradicts itself, or is left without a rule.": """\
分析规则包：永远不会发生、从不影响结论、自相矛盾、没有规定的各是什么。

每项发现都标明位置；能举出实例的，由引擎实际判定后列出，--out 把实例写成案例文件。有错误时退出码为 1。""",
        "Exit with 1 for warnings too.": "有警告时退出码也为 1。",
        "Compare two packs: side by side, and whom one grants and the other refuses.": (
            "比较两个规则包：逐条对照，并找出一地给予而另一地不给予的人。\n\n"
            "所示之人尽量接近常人，并由两地规则包实际判定；找不到时说明已证明并无其人。"
        ),
        "Compare two versions of packs: who gains, who loses, or proof of no change.": (
            "比较规则包的两个版本：谁受益、谁受损，或证明无变化。\n\n"
            "无人受不同判定时退出码为 0；有人受影响或不能判明时为 1。规则包文件与其所在文件夹一并读取。"
        ),
        "Prove what is stated about packs, or show a case in which it is not so.": (
            "证明关于规则包的命题，或给出反例。\n\n"
            "每项命题或在所述范围内对所有人成立，或不成立（反例由引擎实际判定），或文件未规定。"
            "结论均与预期相符（未写预期的须成立）时退出码为 0，否则为 1。"
        ),
        "A file of properties; without it, the shipped ones.": "命题文件；不写则为所附四地命题。",
        "Only this property, or the parts of this number.": "只证明该命题，或该编号下的各部分。",
        "Case file to write the examples to.": "写出各反例的案例文件。",
        "A pack's name, as jinhua.": "规则包名称，如 jinhua。",
        "Only this decision.": "只比较该判定事项。",
        "Only this day; without it, any day since the law last changed.": "只看这一天；不写则为规则最近一次变动以来的任一日。",
        "Take what is left to other documents as fulfilled.": "将另行规定的事项视为已满足。",
        "A readable account, JSON for programs, or a page.": "可读的说明、JSON 或网页。",
        "How many members a list may have in the analysis.": "分析时每个列表至多几项。",
        "Keep witnesses near the person of a case: a case file, or file.yaml#id.": "所示之人尽量接近案例中的人：案例文件，或加 #标识。",
        "All pairs of packs, as a matrix.": "所有规则包两两对照，列成矩阵。",
        "A pack's file, or a folder of packs.": "规则包文件，或其文件夹。",
        "Case files whose decisions are compared too.": "一并比较其判定的案例文件。",
        "Show the version and exit.": "显示版本并退出。",
        "Interview a person: ask only what still matters, then decide.": """询问申请人：只问仍会影响结论的事实，然后判定。

逐题作答，也可答 ?（不知道）、back（改上一题）或 quit（结束）。最后给出判定；指定 --out 时写出案例文件。""",
        "Tell what would change a verdict: the fewest facts, the nearest values.": """说明什么会改变结论：涉及的事实最少，数值最接近。

按谁能改变分列，每一项都经判定验证。考察范围：同时至多三项事实、前后四年内的每一天、各列表增加一项。""",
        "Tell on which days a decision is met, and what opens and closes each stretch.": """\
说明哪些日期符合条件，以及每段日期因何开始和结束。

期间内的每一天都逐日判定。SVG 只画一个案例，案例多时用 --id 选择。""",
        "Repeat the decisions of receipts, and tell whether anything differs.": """按判定记录复算，说明有无不同。

规则包相同时，结果必须逐字节一致；规则包已更新时，说明改变了什么、因哪项条件。有不同或记录被改动时退出码为 1。""",
        "Keep receipts in a journal that shows tampering.": "把判定记录存入日志，任何改动都能查出。",
        "Record the receipts of files in a journal: all of them, or none.": "把文件中的判定记录记入日志：全部记入，或全不记入。",
        "Check a journal: whether any entry was removed, altered or moved.": """检查日志：有无记录被删、改或调换次序。

没有锚点时，末尾被截断或整本重写的日志无法识别。""",
        "List the entries of a journal.": "列出日志中的记录。",
        "Print a journal's end, to be kept elsewhere.": """输出日志的末端（锚点），另处保存。

凭它可查出此前的记录有无缺失。""",
        "Only the case with this id.": "只看此标识的案例。",
        "First day; by default 1 January of the year before the case's day.": "起始日；默认为案例判定日上一年的1月1日。",
        "Last day; by default the end of the fourth year.": "截止日；默认为第四年年末。",
        "A bar with an account, a picture, or JSON for programs.": "文字时间线、图（SVG）或供程序使用的 JSON。",
        "The pack that answers.": "由哪个规则包判定。",
        "The decision asked for.": "判定什么。",
        "The day asked about; without it, it is asked for first.": "判定日；不写则先询问。",
        "Case file to write.": "写出的案例文件。",
        "File to write with what is needed to repeat each decision.": "写出判定记录的文件，供日后复算。",
        "Journal in which to record each decision.": "记入判定记录的日志。",
        "Keep personal data as keyed digests only, by the key in this file.": "个人信息只以此文件中的密钥生成的摘要保存。",
        "Files of receipts, one a line.": "判定记录文件，每行一条。",
        "Case file with the original facts, by the cases' ids.": "载有原始事实的案例文件（按案例标识）。",
        "The journal.": "日志文件。",
        "The journal; made where there is none.": "日志文件；没有则新建。",
        "Anchor to check against, or to write.": "用于核对或写出的锚点文件。",
    }
)
