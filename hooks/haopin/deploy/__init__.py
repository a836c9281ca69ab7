"""From a built site to the public: what a web server needs."""
