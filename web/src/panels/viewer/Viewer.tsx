import type { ReactElement } from "react";
import { useState } from "react";
import media from "../../media/media.module.css";
import { ValuePlayer } from "../../media/ValuePlayer";
import { say } from "../../stores/interface";
import type { Viewed } from "../../stores/viewer";
import { useTexts } from "../../texts/texts";
import { useNodeTitle } from "../inspector/nodes";
import { bytesText } from "../inspector/words";
import { ChannelTools } from "./ChannelTools";
import { CompareMenu, otherText } from "./CompareMenu";
import { Filmstrip } from "./Filmstrip";
import { modesOf } from "./modes";
import type { Other } from "./others";
import { Readout } from "./Readout";
import { StageView } from "./StageView";
import { usePicture } from "./usePicture";
import type { Shown } from "./useShown";
import { useShown } from "./useShown";
import { useStage } from "./useStage";
import type { Point } from "./view";
import { ViewerBar } from "./ViewerBar";
import styles from "./viewer.module.css";

interface Compared {
  readonly other: Other;
  readonly src: string | null;
}

/** A value in full: pictures to zoom into and compare, tensors taken apart. */
export function Viewer({ viewed }: { readonly viewed: Viewed }): ReactElement {
  const t = useTexts();
  const shown = useShown(viewed);
  const stage = useStage(shown.size);
  const [pixel, setPixel] = useState<Point | null>(null);
  const [compared, setCompared] = useState<Compared | null>(null);
  const isChannels = shown.mode === "channels";
  const isPlayed = shown.mode === "film" || shown.mode === "sound";
  const other = usePicture(isChannels ? null : (compared?.src ?? null));
  const node = useNodeTitle(viewed.place.node);
  const otherPicture = typeof other === "object" && compared !== null ? other : null;

  const compare = async (next: Other | null): Promise<void> => {
    setCompared(next === null ? null : { other: next, src: null });
    const src = await next?.find();
    if (next !== null && src === undefined) {
      setCompared(null);
      say("plain", t("viewer.noPicture"));
    } else if (next !== null) {
      setCompared({ other: next, src: src ?? null });
    }
  };
  const otherLabel =
    compared === null ? "" : otherText(compared.other, (time) => t("viewer.run", { time }));
  const ownLabel = compared?.other.label === "" ? t("viewer.thisRun") : node;
  return (
    <>
      <ViewerBar
        viewed={viewed}
        modes={modesOf(viewed.summary)}
        mode={shown.mode}
        onMode={shown.setMode}
        stage={stage}
        save={shown.save}
      >
        {isChannels || isPlayed ? null : (
          <CompareMenu
            place={viewed.place}
            current={compared?.other.id ?? ""}
            onChoose={(next) => void compare(next)}
          />
        )}
      </ViewerBar>
      {isPlayed ? (
        <div className={media["stage"]}>
          <ValuePlayer place={viewed.place} summary={viewed.summary} isOpen />
        </div>
      ) : typeof shown.picture === "object" && shown.size !== null ? (
        <StageView
          stage={stage}
          picture={shown.picture}
          size={shown.size}
          label={isChannels ? viewed.place.name : ownLabel}
          other={otherPicture}
          otherLabel={otherLabel}
          pixel={pixel}
          onPixel={setPixel}
        />
      ) : (
        <Missing shown={shown} size={viewed.summary.size} />
      )}
      <footer className={styles["foot"]}>
        {isChannels && shown.planes !== undefined ? (
          <ChannelTools
            planes={shown.planes}
            indexes={shown.indexes}
            onIndexes={shown.setIndexes}
            isOwnScale={shown.isOwnScale}
            onOwnScale={shown.setIsOwnScale}
          />
        ) : null}
        {shown.strip.length < 2 ? null : (
          <Filmstrip
            label={t(isChannels ? "viewer.channels" : "viewer.filmstrip")}
            pictures={shown.strip}
            current={shown.current}
            onChoose={(index) => {
              shown.choose(index);
              if (isPlayed) {
                shown.setMode("picture");
              }
            }}
          />
        )}
        {isPlayed ? null : (
          <Readout
            pixel={pixel}
            size={shown.size ?? { width: 1, height: 1 }}
            pixels={typeof shown.picture === "object" ? shown.picture.pixels : undefined}
            other={otherPicture?.pixels}
            numbers={shown.numbersAt(pixel)}
            range={isChannels ? shown.planes?.drawn[shown.current]?.range : undefined}
          />
        )}
      </footer>
    </>
  );
}

/** Why there is no picture. */
function Missing({ shown, size }: { readonly shown: Shown; readonly size: number }): ReactElement {
  const t = useTexts();
  const isTooLarge = shown.mode === "channels" && shown.array === "too large";
  const isGone =
    shown.picture === "broken" || (shown.mode === "channels" && shown.array === "none");
  const text = isTooLarge
    ? t("viewer.tooLarge", { size: bytesText(size) })
    : t(isGone ? "viewer.noPicture" : "viewer.noPictureYet");
  return (
    <p className={styles["missing"]} role="status">
      {text}
    </p>
  );
}
