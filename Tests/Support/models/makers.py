"""The makers' own packages `openai` and `anthropic`, against which the tests hold both sides.

First line on standard output: {"port": 0}, as nothing listens. Each line of standard input is an
order, answered by one line:
  {"path": …, "body": text}            what the makers' types say against a request's body:
                                       {"problems": [sentence, …]}
  {"provider": …, "url": …, "tool": …} streams an answer by the maker's client, which refuses what
                                       its types do not know: {"text", "calls", "usage"} or {"error"}
The process ends with its standard input.
"""

import json
import sys
from collections.abc import Iterator

import anthropic
import openai
from anthropic.types.message_create_params import MessageCreateParamsStreaming
from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
from pydantic import TypeAdapter, ValidationError

TYPES = {
    "/chat/completions": TypeAdapter(CompletionCreateParamsStreaming),
    "/v1/messages": TypeAdapter(MessageCreateParamsStreaming),
}
SCHEMA = {"type": "object", "properties": {}}


def whole(value):
    """A checked value with everything that is only checked when it is looked at."""
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    return [whole(item) for item in value] if isinstance(value, list | tuple | Iterator) else value


def differences(sent, kept, place="body"):
    """Where a checked value is not what was sent: unknown fields are left out of it, texts converted."""
    if isinstance(sent, dict) and isinstance(kept, dict):
        for key in sent.keys() | kept.keys():
            if key not in kept:
                yield f"{place}.{key} is unknown"
            else:
                yield from differences(sent.get(key), kept[key], f"{place}.{key}")
    elif isinstance(sent, list) and isinstance(kept, list) and len(sent) == len(kept):
        for index, (one, other) in enumerate(zip(sent, kept)):
            yield from differences(one, other, f"{place}[{index}]")
    elif type(sent) is not type(kept) or sent != kept:
        yield f"{place} is {sent!r}, taken as {kept!r}"


def problems(path, body):
    """What the maker's types say against a request."""
    adapter = next(adapter for end, adapter in TYPES.items() if path.endswith(end))
    sent = json.loads(body)
    try:
        return list(differences(sent, whole(adapter.validate_python(sent))))
    except ValidationError as error:
        return [f"{problem['loc']}: {problem['msg']}" for problem in error.errors()]


def ask_openai(url, tool):
    """A chat completion, put together by the package itself."""
    client = openai.OpenAI(base_url=url, api_key="none", max_retries=0, _strict_response_validation=True)
    tools = [{"type": "function", "function": {"name": tool, "parameters": SCHEMA}}]
    question = [{"role": "user", "content": "Hi"}]
    with client.chat.completions.stream(model="m", messages=question, tools=tools, stream_options={"include_usage": True}) as stream:
        answer = stream.get_final_completion()
    message = answer.choices[0].message
    calls = [{"name": call.function.name, "arguments": call.function.arguments} for call in message.tool_calls or []]
    return {"text": message.content or "", "calls": calls, "usage": [answer.usage.prompt_tokens, answer.usage.completion_tokens]}


def ask_anthropic(url, tool):
    """A message, put together by the package itself."""
    client = anthropic.Anthropic(base_url=url, api_key="none", max_retries=0, _strict_response_validation=True)
    tools = [{"name": tool, "input_schema": SCHEMA}]
    with client.messages.stream(model="m", max_tokens=64, messages=[{"role": "user", "content": "Hi"}], tools=tools) as stream:
        answer = stream.get_final_message()
    text = "".join(block.text for block in answer.content if block.type == "text")
    calls = [{"name": block.name, "arguments": json.dumps(block.input)} for block in answer.content if block.type == "tool_use"]
    return {"text": text, "calls": calls, "usage": [answer.usage.input_tokens, answer.usage.output_tokens]}


def answer(order):
    """What an order comes to."""
    if "body" in order:
        return {"problems": problems(order["path"], order["body"])}
    ask = ask_openai if order["provider"] == "openai" else ask_anthropic
    try:
        return ask(order["url"], order["tool"])
    except Exception as error:
        # Some of what is no protocol at all makes the packages stumble.
        return {"error": f"{type(error).__name__}: {error}"}


print(json.dumps({"port": 0}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
