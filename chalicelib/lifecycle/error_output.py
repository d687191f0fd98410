"""What Step Functions says of a function that failed, as a Catch puts it into the input of the state it leads to."""

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.model.stop_reasons import StopCode, StopReason, reason_of_killing


class ErrorOutput(BaseModel):
    """The error's name and its cause; that of a function is a JSON text.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, defer_build=True)

    error: str = Field(alias="Error")
    cause: str = Field("", alias="Cause")

    def to_stop_reason(self, advice: str) -> StopReason:
        """Returns why the import or export stops; `advice` says what its caller can do about too little memory."""
        unforeseen = StopReason(StopCode.INTERNAL_ERROR, f"a task ended with {self.error}")
        return reason_of_killing(self.error, self.cause, advice=advice) or unforeseen
