// What scrolls sideways can be reached by keyboard; words that the theme knows in English only are Chinese where the page is.
const CHINESE = [
  [/^Toggle site navigation sidebar$/, "打开或收起导航"],
  [/^Toggle table of contents sidebar$/, "打开或收起本页内容"],
  [/^Toggle Light \/ Dark \/ Auto color theme$/, "切换浅色、深色或自动"],
  [/^Toggle navigation of (.*)$/, "展开或收起$1"],
  [/^Skip to content$/, "跳到正文"],
];
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll(".table-wrapper, pre")) box.tabIndex = 0;
  if (!document.documentElement.lang.startsWith("zh")) return;
  const translated = (text) => CHINESE.reduce((words, [english, chinese]) => words.replace(english, chinese), text.trim());
  for (const part of document.querySelectorAll("[aria-label]")) part.ariaLabel = translated(part.ariaLabel);
  for (const link of document.querySelectorAll(".skip-to-content")) link.textContent = translated(link.textContent);
});
