import flask
import yaml

app = flask.Flask(__name__)


@app.route("/")
def index():
    return yaml.safe_dump({"up": True})
