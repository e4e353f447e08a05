"use strict";
document.querySelector("mark")?.scrollIntoView({ block: "center" });
