"""How the names of divisions are found in text: Chinese (`han`), bare county names (`surroundings`) and Latin (`latin`)."""
