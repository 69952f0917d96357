// Before the first paint: the scheme that the reader chose last time.
try { const theme = localStorage.getItem("mangetamain-theme"); if (theme) document.documentElement.dataset.theme = theme; } catch { /* private window */ }
