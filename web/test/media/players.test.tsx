import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FilePlayers } from "../../src/media/FilePlayers";
import { MediaControl } from "../../src/media/MediaControl";
import { graphInFile } from "../../src/media/origin";
import { ValuePlayer } from "../../src/media/ValuePlayer";
import { summary } from "../samples/states";

const asked = vi.fn<(path: string) => Response>();

beforeEach(() => {
  asked.mockReset();
  vi.stubGlobal("fetch", (path: string) => Promise.resolve(asked(path)));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const file = (filename: string) => ({ filename, subfolder: "", type: "output" }) as const;

describe("the files of a node", () => {
  it("have the browser's controls and a name", () => {
    render(<FilePlayers films={[file("a.mp4")]} sounds={[file("b.wav")]} />);
    const film = screen.getByLabelText("Film a.mp4");
    expect(film.tagName).toBe("VIDEO");
    expect(film.hasAttribute("controls")).toBe(true);
    expect(film.getAttribute("src")).toContain("filename=a.mp4");
    expect(film.getAttribute("poster")).toContain("size=512");
    expect(screen.getByLabelText("Sound b.wav").tagName).toBe("AUDIO");
  });

  it("say so where they cannot be played", () => {
    render(<FilePlayers films={[file("a.mkv")]} sounds={[]} />);
    fireEvent.error(screen.getByLabelText("Film a.mkv"));
    expect(screen.getByRole("status").textContent).toBe("“a.mkv” cannot be played here.");
  });
});

describe("a value", () => {
  const place = { job: "j", node: "n", name: "video" };
  const details = { film: { films: 1, frames: 9, width: 8, height: 8, rate: 24, seconds: 0.4 } };

  it("is fetched when it is to be played", async () => {
    asked.mockReturnValue(new Response(new Blob(["film"])));
    render(<ValuePlayer place={place} summary={summary("video", { details })} />);
    expect(asked).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Play as a film" }));
    await waitFor(() => {
      expect(screen.getByLabelText("Film video").getAttribute("src")).toMatch(/^blob:/);
    });
    expect(asked).toHaveBeenCalledWith("/blockloom/block_state/j/n/video?form=mp4");
  });

  it("says so where it is gone", async () => {
    asked.mockImplementation(() => new Response("{}", { status: 404 }));
    render(<ValuePlayer place={place} summary={summary("video", { details })} isOpen />);
    await waitFor(() => {
      expect(screen.getByRole("status").textContent).toContain("cannot be played");
    });
  });

  it("that is no film has nothing to play", () => {
    const { container } = render(<ValuePlayer place={place} summary={summary("image")} />);
    expect(container.innerHTML).toBe("");
  });
});

describe("the input that names a film", () => {
  const socket = { name: "file", type: "STRING", widget: { look: "video" } } as const;
  const info = {
    LoadVideo: { input: { required: { file: [["one.mp4", "two.gif"], {}] } } },
  };

  it("offers what is there, and plays what is chosen", async () => {
    asked.mockImplementation(() => Response.json(info));
    const onChange = vi.fn<(value: unknown) => void>();
    render(
      <MediaControl
        socket={socket}
        value="one.mp4"
        placeholder=""
        label="file"
        onChange={onChange}
      />,
    );
    await screen.findByRole("option", { name: "two.gif" });
    expect(screen.getByLabelText("Film one.mp4").getAttribute("src")).toContain("type=input");
    fireEvent.change(screen.getByRole("combobox"), { target: { value: "two.gif" } });
    expect(onChange).toHaveBeenCalledWith("two.gif");
  });

  it("takes what is dropped on it", async () => {
    asked.mockImplementation((path) =>
      path === "/api/upload/image"
        ? Response.json({ name: "new.mp4", subfolder: "" })
        : Response.json(info),
    );
    const onChange = vi.fn<(value: unknown) => void>();
    render(
      <MediaControl
        socket={socket}
        value={undefined}
        placeholder=""
        label="file"
        onChange={onChange}
      />,
    );
    const films = [new File(["x"], "new.mp4", { type: "video/mp4" })];
    fireEvent.drop(screen.getByRole("group"), { dataTransfer: { files: films } });
    await waitFor(() => {
      expect(onChange).toHaveBeenCalledWith("new.mp4");
    });
  });
});

describe("the graph inside a film", () => {
  const film = new File(["x"], "a.mp4");

  it("is read by the server", async () => {
    asked.mockReturnValue(Response.json({ prompt: { a: {} }, extra: { notes: [] }, seed: 5 }));
    expect(await graphInFile(film)).toEqual({
      content: { prompt: { a: {} }, extra: { notes: [] } },
      seed: 5,
    });
    expect(asked).toHaveBeenCalledWith("/blockloom/origin");
  });

  it("is not there where the server finds none", async () => {
    asked.mockReturnValue(Response.json({ error: { message: "no" } }, { status: 404 }));
    expect(await graphInFile(film)).toBeUndefined();
  });
});
