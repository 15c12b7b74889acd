"""Settings, addresses, base templates and the site's static files. Plugs the three apps in."""
