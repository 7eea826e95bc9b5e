"""Facebook's two callbacks about a login, and the page on which anybody with the code reads what became of it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from pages import signed_requests
from pages.models import FacebookRequest
from pages.services import facebook_requests
from pages.signed_requests import NotSigned, SignedRequest


@csrf_exempt
@require_POST
def deauthorise(request: HttpRequest) -> HttpResponse:
    try:
        asked = _read(request)
    except NotSigned:
        return _refused()
    facebook_requests.deauthorise(user_id=asked.user_id, digest=asked.digest, now=timezone.now())
    return JsonResponse({"success": True})


@csrf_exempt
@require_POST
def data_deletion(request: HttpRequest) -> HttpResponse:
    try:
        asked = _read(request)
    except NotSigned:
        return _refused()
    done = facebook_requests.forget(user_id=asked.user_id, digest=asked.digest, now=timezone.now())
    address = settings.PUBLIC_URL + reverse("facebook_request", args=[done.code])
    return JsonResponse({"url": address, "confirmation_code": done.code})


@never_cache
@require_safe
def status(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "facebook/request.html", {"asked": get_object_or_404(FacebookRequest, code=code)})


def _read(request: HttpRequest) -> SignedRequest:
    raw = request.POST.get("signed_request", "")
    return signed_requests.read(raw, secret=settings.FACEBOOK_APP_SECRET, now=timezone.now().timestamp())


def _refused() -> HttpResponse:
    return HttpResponseBadRequest("This is not Facebook's signed_request.", content_type="text/plain")
