"""The flows of the contract as an app would write them with google-genai.

Reads orders from stdin, one JSON object a line, and answers each with one line: {"report": ...} or {"error": ...}.
"""

import asyncio
import base64
import json
import sys
import warnings

from google import genai
from google.genai import types
from google.oauth2.credentials import Credentials

warnings.filterwarnings("ignore", category=genai.errors.ExperimentalWarning)

CHUNK_BYTES = 3_200  # 100 ms of 16 kHz, 16-bit mono


def client_of(order, key=None):
    """A client of the Developer API with a key or token, or of Vertex AI in one of its three manners."""
    secret = order["script"]["key"]
    options = types.HttpOptions(base_url=order["baseUrl"], api_version=order["apiVersion"])
    if order["manner"] == "project":
        credentials = Credentials(token=secret)
        return genai.Client(
            vertexai=True,
            project="my-project",
            location="us-central1",
            credentials=credentials,
            http_options=options,
        )
    if order["manner"] == "express":
        return genai.Client(vertexai=True, api_key=secret, http_options=options)
    if order["manner"] == "whole-address":
        options.headers = {"Authorization": f"Bearer {secret}"}
        return genai.Client(vertexai=True, http_options=options)
    return genai.Client(api_key=key or secret, http_options=options)


def config_of(**fields):
    return types.LiveConnectConfig(
        response_modalities=["AUDIO"],
        output_audio_transcription=types.AudioTranscriptionConfig(),
        **fields,
    )


class Seen:
    """What the client was told."""

    def __init__(self):
        self.said = self.heard = ""
        self.audio = b""
        self.tokens = 0
        self.calls = []
        self.time_left = None
        self.handle = None

    def take(self, message):
        content = message.server_content
        if content:
            if content.output_transcription and content.output_transcription.text:
                self.said += content.output_transcription.text
            if content.input_transcription and content.input_transcription.text:
                self.heard += content.input_transcription.text
            for part in (content.model_turn and content.model_turn.parts) or []:
                if part.inline_data and part.inline_data.data:
                    self.audio += part.inline_data.data
        if message.usage_metadata and message.usage_metadata.total_token_count:
            self.tokens = max(self.tokens, message.usage_metadata.total_token_count)
        if message.tool_call:
            self.calls += message.tool_call.function_calls
        if message.go_away:
            self.time_left = message.go_away.time_left
        update = message.session_resumption_update
        if update and update.resumable and update.new_handle:
            self.handle = update.new_handle

    def report(self):
        report = {
            "said": self.said,
            "heard": self.heard,
            "audio": base64.b64encode(self.audio).decode(),
            "tokens": self.tokens,
            "calls": [{"name": call.name, "args": call.args} for call in self.calls],
        }
        return {**report, "timeLeft": self.time_left} if self.time_left else report


async def read_until(session, seen, is_so):
    """Reads on, turn after turn: receive() ends with each."""
    while True:
        async for message in session.receive():
            seen.take(message)
            if is_so(message):
                return


def turn_complete(message):
    return bool(message.server_content and message.server_content.turn_complete)


def user_says(text):
    return types.Content(role="user", parts=[types.Part(text=text)])


async def text_turn(client, model, text, **config):
    seen = Seen()
    async with client.aio.live.connect(model=model, config=config_of(**config)) as session:
        await session.send_client_content(turns=user_says(text))
        await read_until(session, seen, turn_complete)
    return seen


async def audio_turn(client, order):
    seen = Seen()
    config = config_of(input_audio_transcription=types.AudioTranscriptionConfig())
    pcm = base64.b64decode(order["pcm"])
    async with client.aio.live.connect(model=order["model"], config=config) as session:
        for at in range(0, len(pcm), CHUNK_BYTES):
            blob = types.Blob(data=pcm[at : at + CHUNK_BYTES], mime_type="audio/pcm;rate=16000")
            await session.send_realtime_input(audio=blob)
        await read_until(session, seen, turn_complete)
    return seen


async def tool_call(client, order):
    seen, script = Seen(), order["script"]
    tool = types.Tool(function_declarations=[types.FunctionDeclaration(**script["tool"])])
    async with client.aio.live.connect(model=order["model"], config=config_of(tools=[tool])) as session:
        await session.send_client_content(turns=user_says(script["weather"]))
        await read_until(session, seen, lambda message: bool(message.tool_call))
        responses = [
            types.FunctionResponse(id=call.id, name=call.name, response=script["toolResponse"])
            for call in seen.calls
        ]
        await session.send_tool_response(function_responses=responses)
        await read_until(session, seen, lambda message: turn_complete(message) and seen.said)
    return seen


async def resumption(client, order):
    before, after, script = Seen(), Seen(), order["script"]
    config = config_of(session_resumption=types.SessionResumptionConfig())
    async with client.aio.live.connect(model=order["model"], config=config) as session:
        await session.send_client_content(turns=user_says(script["name"]))
        await read_until(session, before, turn_complete)
        before.handle = None
        await read_until(session, before, lambda _: bool(before.handle))
    config = config_of(session_resumption=types.SessionResumptionConfig(handle=before.handle))
    async with client.aio.live.connect(model=order["model"], config=config) as session:
        await session.send_client_content(turns=user_says(script["recall"]))
        await read_until(session, after, turn_complete)
    return after


async def go_away(client, order):
    seen = Seen()
    async with client.aio.live.connect(model=order["model"], config=config_of()) as session:
        await session.send_client_content(turns=user_says(order["script"]["leave"]))
        # To the end of the turn: who closes with messages unread waits ten seconds for the close frame behind them.
        await read_until(session, seen, lambda message: turn_complete(message) and seen.time_left)
    return seen


async def token(client, order):
    """Makes a token as a server would, and uses it twice, though it is good for one session."""
    script = order["script"]
    made = await client.aio.auth_tokens.create(
        config=types.CreateAuthTokenConfig(
            uses=1,
            live_connect_constraints=types.LiveConnectConstraints(
                model=order["model"],
                config=config_of(system_instruction=script["lockedInstruction"]),
            ),
            lock_additional_fields=[],
        )
    )
    own = {"system_instruction": script["ownInstruction"], "temperature": script["ownTemperature"]}
    user = client_of(order, key=made.name)
    seen = await text_turn(user, order["model"], script["text"], **own)
    try:
        await text_turn(user, order["model"], script["text"], **own)
        refusal = ""
    except genai.errors.APIError as error:
        refusal = str(error)
    return {**seen.report(), "refusal": refusal}


async def play(order):
    client, flow = client_of(order), order["flow"]
    if flow == "text-turn":
        return await text_turn(client, order["model"], order["script"]["text"])
    if flow in ("audio-turn", "transcripts"):
        return await audio_turn(client, order)
    others = {"tool-call": tool_call, "resumption": resumption, "go-away": go_away, "token": token}
    return await others[flow](client, order)


async def main():
    for line in sys.stdin:
        try:
            seen = await asyncio.wait_for(play(json.loads(line)), 20)
            answer = {"report": seen.report() if isinstance(seen, Seen) else seen}
        except Exception as error:  # Whatever it is, the test says it.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


asyncio.run(main())
