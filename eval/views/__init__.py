"""What a report looks like: terminal, Markdown, JUnit, one HTML page; in Chinese and English."""
