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
        "Show what became of each clause of the packs' documents.": """列出各文件的每一条款及其落实情况，并给出覆盖数字。

用 --sources 与文件文本核对：清单缺少的条款、文本中没有的序号、规则中与所依据条款不符的数字、文本的改动；有发现时退出码为 1。""",
        "Show the interpretations of the packs, and what hangs on each.": "列出各规则包的解释口径、各种读法，以及取决于它的规则和判定。",
        "Folder with the documents' texts (*.txt, UTF-8) to compare with.": "存放文件文本的文件夹（*.txt，UTF-8），用于核对。",
        "Only this pack.": "只看该规则包。",
        "Write the JSON Schema of packs or case files, for editors.": """输出规则包或案例文件的 JSON Schema，供编辑器使用。

在文件首行写明：# yaml-language-server: $schema=路径。案例文件的 Schema 含各规则包的地区、判定、口径和事实。""",
        "Which files: packs, calendars, or case files.": "哪一类文件：规则包、放假安排或案例文件。",
        "File to write; without it, print.": "写入的文件；不写则输出到屏幕。",
        "Write the pages of packs and the reference pages, as Markdown.": """生成规则包页面和参考页面（Markdown）。

每个规则包中英文各一页；不写 --region 时还生成诊断、事实、命令、内置函数和格式的页面。只写有变化的页面。""",
        "Folder to write to.": "写入的文件夹。",
        "Only the pages of this pack.": "只生成该规则包的页面。",
        "Folder of packs; without it, the shipped packs.": "规则包所在文件夹；不写则用自带的规则包。",
        "Language of the output; by default the environment's.": "输出语言；默认依环境变量。",
        "A readable account, or JSON for programs.": "可读的说明，或供程序使用的 JSON。",
        "Which engine decides; they agree.": "使用哪个引擎；各引擎结果一致。",
        "Case files, YAML or JSON; - reads from standard input.": "案例文件（YAML 或 JSON）；- 表示标准输入。",
        "Packs, each checked in its own folder; without any, all packs.": "规则包，各在其所在文件夹中检查；不写则检查全部。",
        "Show the version and exit.": "显示版本并退出。",
    }
)
