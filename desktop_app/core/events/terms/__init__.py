"""What a person types: the language of a search and of a question, its tree, and the condition it becomes."""
