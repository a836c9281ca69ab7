"""What the site gives to machines: calendars, feeds, open data, cards for other pages. One module a format.

An export is a function from an `ExportSource` to files. It computes nothing that a page says otherwise, and sees only
what is public: the catalogue holds nothing else.
"""
