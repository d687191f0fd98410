"""A HAL client that anybody can install, unchanged: how it is connected, fills in forms and turns pages.

It gets its token itself, accepts HAL-FORMS, and knows nothing of Talkdesk or of us.
"""

from collections.abc import Iterator

from contentgrid_hal_client import HALFormsClient, HALFormsTemplate, InteractiveHALResponse
from contentgrid_hal_client.security import ClientCredentialsApplicationAuthenticationManager

USERS = "/bulk-imports/users"


def connect(base_url: str, client_id: str, secret: str) -> HALFormsClient:
    credentials = ClientCredentialsApplicationAuthenticationManager(
        auth_uri=f"{base_url}/oauth/token", client_id=client_id, client_secret=secret, resources=[base_url]
    )
    return HALFormsClient(client_endpoint=base_url, auth_manager=credentials)


def read(client: HALFormsClient, url: str) -> InteractiveHALResponse:
    response = client.get(url)
    response.raise_for_status()
    return InteractiveHALResponse(data=response.json(), client=client)


def submit(client: HALFormsClient, template: HALFormsTemplate, **given: object) -> InteractiveHALResponse:
    """What the answer to a form is: filled in with what it says itself and what is given, and sent where it says."""
    said = {one.name: one.value for one in template.properties if one.value is not None}
    response = client.get_method_from_string(template.method)(template.target, json=said | given)
    response.raise_for_status()
    return InteractiveHALResponse(data=response.json(), client=client)


def each_page(first: InteractiveHALResponse, rel: str = "next") -> Iterator[InteractiveHALResponse]:
    page = first
    yield page
    while page.has_link(rel):
        page = page.client.follow_link(page.get_link(rel), infer_type=InteractiveHALResponse)
        yield page
