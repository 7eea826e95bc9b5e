"""Facebook's addresses in the browser, under those of the sandbox."""

from django.urls import path

from messenger_admin.sandbox.web.facebook import dialog, pictures, screens

urlpatterns = [
    path("", screens.overview, name="facebook"),
    path("people/add/", screens.add_person, name="facebook_add_person"),
    path("people/<str:user_id>/", screens.person, name="facebook_person"),
    path("pages/add/", screens.add_page, name="facebook_add_page"),
    path("tokens/kill/", screens.kill, name="facebook_kill"),
    path("permissions/revoke/", screens.revoke, name="facebook_revoke"),
    path("signed-requests/", screens.send, name="facebook_send"),
    path("templates/decide/", screens.decide, name="facebook_decide"),
    path("reset/", screens.reset, name="facebook_reset"),
    path("pictures/<str:of>.svg", pictures.picture, name="facebook_picture"),
    path("<str:version>/dialog/oauth", dialog.oauth, name="facebook_dialog"),
]
