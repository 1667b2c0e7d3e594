import type { FormEvent, ReactElement } from "react";
import { useState } from "react";
import { giveToken } from "../stores/connection";
import controls from "../style/controls.module.css";
import { useTexts } from "../texts/texts";
import { tokenOf } from "./token";
import styles from "./TokenField.module.css";

/** Where to put the token of the server; an address with the token in it does as well. */
export function TokenField(): ReactElement {
  const t = useTexts();
  const [token, setToken] = useState("");
  const [isRefused, setRefused] = useState(false);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setRefused(!(await giveToken(tokenOf(token))));
  };
  return (
    <form className={styles["form"]} onSubmit={(event) => void send(event)}>
      <input
        className={controls["field"]}
        type="password"
        autoComplete="off"
        value={token}
        placeholder={t("connection.token")}
        aria-label={t("connection.token")}
        aria-invalid={isRefused}
        onChange={(event) => {
          setToken(event.target.value);
        }}
      />
      <button type="submit" className={controls["button"]} disabled={token.trim() === ""}>
        {t("connection.useToken")}
      </button>
      {isRefused ? (
        <p className={styles["refused"]} role="alert">
          {t("connection.refused")}
        </p>
      ) : null}
    </form>
  );
}
