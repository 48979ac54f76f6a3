"""What can be wrong with a file as a whole: DTE101 to DTE109."""

from __future__ import annotations

from dataclasses import dataclass

from dte_rules.source.diagnostic import Diagnostic


@dataclass(frozen=True, kw_only=True)
class FileMissing(Diagnostic):
    """The file does not exist.

    The path is misspelt, or it is relative to another folder than the one the command runs in. Check the path; a
    relative path starts at the current folder.
    """

    code = "DTE101"
    zh = "找不到文件 `{path}`"
    en = "there is no file `{path}`"
    zh_help = "检查路径和文件名；相对路径从当前目录算起"
    en_help = "check the path and the file's name; a relative path starts at the current folder"
    path: str


@dataclass(frozen=True, kw_only=True)
class FileUnreadable(Diagnostic):
    """The file exists but can't be read.

    Most often it belongs to another user, is locked by another program, or is a device rather than an ordinary file.
    Change its permissions, or copy it to a place of your own.
    """

    code = "DTE102"
    zh = "无法读取文件 `{path}`：{reason}"
    en = "the file `{path}` can't be read: {reason}"
    zh_help = "检查文件权限，并确认它没有被其他程序占用"
    en_help = "check the file's permissions, and that no other program holds it"
    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FileIsFolder(Diagnostic):
    """A folder was given where a file is expected.

    Name the file inside the folder.
    """

    code = "DTE103"
    zh = "`{path}` 是文件夹，不是文件"
    en = "`{path}` is a folder, not a file"
    zh_help = "写出文件夹里具体的文件，例如 `{path}/zhejiang.yaml`"
    en_help = "name a file inside it, such as `{path}/zhejiang.yaml`"
    path: str


@dataclass(frozen=True, kw_only=True)
class FileTooLarge(Diagnostic):
    """The file is larger than the reader accepts.

    The limit keeps a wrong or hostile file from filling the memory. Packs and case files are far smaller; split a
    file of cases into several, and give bulk data to ``dte batch`` as a table instead.
    """

    code = "DTE104"
    zh = "文件超过 {limit_mib} MiB 的上限"
    en = "the file is larger than the limit of {limit_mib} MiB"
    zh_help = "把文件拆成几个较小的文件"
    en_help = "split it into several smaller files"
    limit_mib: int


@dataclass(frozen=True, kw_only=True)
class NotUtf8(Diagnostic):
    """The file is not encoded in UTF-8.

    Older Windows programs save Chinese text as GBK, and some as UTF-16. Open the file in its editor, choose "save as" and the
    encoding UTF-8 (with or without a byte order mark).
    """

    code = "DTE105"
    zh = "文件不是 UTF-8 编码（疑为 {guess}），从这里起无法识别"
    en = "the file is not encoded in UTF-8 (it may be {guess}); it can't be read from here on"
    zh_help = "在编辑器中选择“另存为”，编码选 UTF-8"
    en_help = "in your editor choose `save as` with the encoding UTF-8"
    guess: str


@dataclass(frozen=True, kw_only=True)
class ForbiddenCharacter(Diagnostic):
    """An invisible control character, or half of a surrogate pair, stands in the text.

    It usually comes from copying out of a word processor or a web page. Delete it; the message gives its code point,
    and its line and column.
    """

    code = "DTE106"
    zh = "不允许使用控制字符 {character}"
    en = "the control character {character} is not allowed"
    zh_help = "删除这个看不见的字符，必要时重新输入这一行"
    en_help = "delete this invisible character; if need be, type the line again"
    character: str


@dataclass(frozen=True, kw_only=True)
class EmptyDocument(Diagnostic):
    """The file is empty, or holds nothing but comments.

    A pack or a case file starts with a key, such as ``pack: zhejiang``.
    """

    code = "DTE107"
    zh = "文件是空的，或者只有注释"
    en = "the file is empty, or holds only comments"
    zh_help = "写入内容，例如 `pack: zhejiang`"
    en_help = "write something into it, such as `pack: zhejiang`"


@dataclass(frozen=True, kw_only=True)
class SeveralDocuments(Diagnostic):
    """A line ``---`` or ``...`` starts a second YAML document in the same file.

    One file holds one pack or one set of cases. Delete the line, or move what follows it into a file of its own.
    """

    code = "DTE108"
    zh = "一个文件只能有一份文档，从这里开始了第二份"
    en = "a file holds one document, and a second one starts here"
    zh_help = "删除分隔行 `---` 或 `...`，或者把后面的内容移到另一个文件"
    en_help = "delete the separating line `---` or `...`, or move what follows into another file"
