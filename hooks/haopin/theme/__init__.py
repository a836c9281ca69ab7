"""The theme, for ``theme: {name: haopin}`` where the package is installed; a clone names this folder instead."""
