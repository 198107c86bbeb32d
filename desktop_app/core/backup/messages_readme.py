"""The page that lies beside a desk that is taken along, in both languages at once: nobody knows who will read it."""

from __future__ import annotations

README_TEXT = """Watchdesk: a desk to take along / 可携带的 Watchdesk 工作台

English
  Start the program in this folder. It finds the folder "{data}" beside it and opens this desk.
  {english}
  Take the stick out only after Watchdesk has ended.

中文
  运行本文件夹中的程序，它会找到旁边的“{data}”文件夹并打开这个工作台。
  {chinese}
  请在 Watchdesk 结束后再拔出 U 盘。
"""

# (English, 中文) where the program lies in the folder too, and where it does not.
FOUND = (
    "The program is {program}. It was built for {system}; other systems need their own.",
    "程序为 {program}，适用于 {system}；其他系统需使用各自的版本。",
)
MISSING = (
    "Put the program of that machine into this folder, or start it with --data-dir.",
    "请把那台机器上的程序放进本文件夹，或用 --data-dir 指定此文件夹。",
)
