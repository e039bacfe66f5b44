"""A button in HTML that copies a text, and the script that makes such buttons work.

The script is this file's own and takes nothing in: it reads the text from the button that was pressed and hands it to the
clipboard as text. Where the browser gives no clipboard (a page over plain http on a network), the old way by a selection does.
"""

from __future__ import annotations

from search_app.components.markup import escape

COPY_SCRIPT = """<script>
if (!window.answersCopied) {
  window.answersCopied = true;
  const bySelection = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.appendChild(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button.copy[data-text]");
    if (!button) return;
    const text = button.dataset.text;
    const said = (word) => {
      button.textContent = word;
      setTimeout(() => { button.textContent = "复制"; }, 2500);
    };
    const copied = navigator.clipboard ? navigator.clipboard.writeText(text).catch(() => bySelection(text)) : bySelection(text);
    copied.then(() => said("已复制"), () => said("请选中后复制"));
    button.focus();
  });
}
</script><span hidden></span>"""


def copy_button(text: str, name: str) -> str:
    """The button's HTML.

    Args:
        text: what is copied.
        name: what a screen reader says the button does.
    """
    return f'<button type="button" class="copy" data-text="{escape(text)}" aria-live="polite" title="{escape(name)}">复制</button>'
