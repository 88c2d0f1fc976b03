"""LiteLLM's proxy for the tests, on a free loopback port, in front of a scripted model server.

Its models are `mock`, which LiteLLM answers by itself, and `scripted`, which it passes on to the
port named by --upstream. First line on standard output: {"port": N}; the key is KEY.
The server ends with its standard input.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

KEY = "sk-local-0123456789abcdef0123456789abcdef"


def configuration(upstream):
    """What the proxy serves; JSON is YAML."""
    mock = {"model": "openai/mock", "api_key": "none", "mock_response": "Grüße from the mock."}
    scripted = {"model": "openai/scripted", "api_key": "none", "api_base": f"http://127.0.0.1:{upstream}/v1", "max_retries": 0}
    return {
        "model_list": [
            {"model_name": "mock", "litellm_params": mock},
            {"model_name": "scripted", "litellm_params": scripted},
        ],
        # Else messages would be turned into a third protocol, which the scripted server does not speak.
        "litellm_settings": {"telemetry": False, "drop_params": True, "num_retries": 0, "use_chat_completions_url_for_anthropic_messages": True},
    }


def free_port():
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process):
    """Returns when the proxy answers."""
    for _ in range(600):
        if process.poll() is not None:
            sys.exit("LiteLLM did not start")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/liveliness", timeout=2).read()
            return
        except OSError:
            time.sleep(0.5)
    sys.exit("LiteLLM does not answer")


def main():
    """Serves until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--upstream", type=int, required=True)
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        json.dump(configuration(parser.parse_args().upstream), file)
        file.flush()
        # Nothing from outside may change where it goes or what it tells others.
        environment = {"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(), "LITELLM_MASTER_KEY": KEY,
                       "LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False"}
        words = [os.path.join(os.path.dirname(sys.executable), "litellm"), "--config", file.name, "--host", "127.0.0.1", "--port", str(port)]
        process = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(port, process)
            print(json.dumps({"port": port}), flush=True)
            while sys.stdin.readline():
                print("{}", flush=True)
        finally:
            process.kill()


main()
