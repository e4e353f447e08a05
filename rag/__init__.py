"""Questions to cited answers: everything between a library of articles and a checked answer."""
