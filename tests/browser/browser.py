"""Debian's Chromium without a window, driven by its own driver, on a page opened from a file. A page that asks for
anything over a network or writes to the console fails its case."""

import base64
import gzip
import json
import pathlib
import re
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from harness import check, equal

WAIT_S = 60
SWITCHES = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,1000", "--lang=en", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "about:blank"]


class Browser:
    def __init__(self, folder, *switches):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for switch in [*SWITCHES, f"--user-data-dir={folder}/browser", *switches]:
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.requests = []

    def close(self):
        self.driver.quit()

    def open(self, page, fragment=""):
        self.driver.get("about:blank")
        self.driver.get(f"file://{page}{fragment}")
        self.wait(lambda: self.run("return document.body.dataset.ready === 'yes' || !document.getElementById('trouble').hidden"), "ready")
        equal("trouble", self.text("#trouble"), "")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def wait(self, holds, what):
        end = time.monotonic() + WAIT_S
        while not holds():
            check(time.monotonic() < end, f"never happened: {what}")
            time.sleep(0.02)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).textContent", selector)

    def choose(self, name, value):
        self.run("const field = document.getElementById('controls').elements[arguments[0]]; field.value = arguments[1];"
                 "field.dispatchEvent(new Event('input', {bubbles: true}))", name, value)

    def search(self, text):
        field = self.find("input[name=search]")
        field.clear()
        field.send_keys(text)

    def press(self, *keys):
        for key in keys:
            self.driver.switch_to.active_element.send_keys(getattr(Keys, key.upper()) if len(key) > 1 else key)

    def focused(self):
        """The name, level and state of the row that has the focus."""
        return self.run("const row = document.activeElement.closest('tr[data-key]');"
                        "return row && [row.querySelector('.name').lastChild.textContent, Number(row.ariaLevel), row.ariaExpanded]")

    def rows(self):
        """The visible rows of the tree: lists of texts, the name without its sign."""
        return self.run("return [...document.querySelectorAll('#tree tbody tr')].map(row =>"
                        "[row.querySelector('.name').lastChild.textContent, ...[...row.cells].slice(1).map(cell => cell.textContent)])")

    def found(self):
        """(files or images, bytes) of what passes the filters; the page was made with --units bytes."""
        files, size = re.match(r"([\d,]+) (?:files|images), (\d+)", self.text("#found")).groups()
        return int(files.replace(",", "")), int(size)

    def address(self):
        return self.run("return location.hash")

    def check_quiet(self):
        """Nothing was asked for but the file itself, nothing was said on the console."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent" and message["params"]["documentURL"].startswith("file:"):
                self.requests.append(message["params"]["request"]["url"])
        for url in self.requests:
            check(url.startswith(("file://", "about:", "blob:")), f"a request for {url[:200]}")
        equal("console", self.driver.get_log("browser"), [])


def payload(page):
    packed = re.search(r'<template id="payload">([A-Za-z0-9+/=]*)</template>', pathlib.Path(page).read_text()).group(1)
    return json.loads(gzip.decompress(base64.b64decode(packed)))
