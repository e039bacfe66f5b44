"""The cursor stands in the search box when the page opens: nobody should have to find it first."""

from __future__ import annotations

#: Takes no text in. It waits until the box is drawn, and leaves alone who is already somewhere else on the page.
FOCUS_SCRIPT = """<script>
(() => {
  let left = 50;
  const look = () => {
    const box = document.querySelector(".st-key-q input");
    if (box && document.activeElement === document.body) box.focus({preventScroll: true});
    else if (!box && left-- > 0) setTimeout(look, 100);
  };
  look();
})();
</script><span hidden></span>"""
