"""The theme, used by ``theme: {name: haopin}`` with an installed package; a clone refers to this folder instead."""
