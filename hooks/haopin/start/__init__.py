"""Creation of a site in a new folder, from the notice of a plan or without one."""
