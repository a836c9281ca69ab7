"""A copy of the built site that opens from a folder: no web server, no network.

Browsers treat each file of a folder as a site of its own: they load neither modules nor workers nor data from beside a
page. The copy therefore names files instead of folders, its modules are wrapped as plain scripts, and data that
scripts fetch lies beside them as scripts. Everything is made from the built site; nothing in the site knows of it.
"""

from haopin.offline.copying import copy_site

__all__ = ["copy_site"]
