"""Machine-readable exports: calendars, feeds, open data, embeddable cards. One module per format.

An export is a function from an `ExportSource` to files. Derived values come from the same code as those of the pages.
The catalogue contains public records only, so an export cannot publish others.
"""
