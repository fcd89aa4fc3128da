# nothing: this is how people find it
