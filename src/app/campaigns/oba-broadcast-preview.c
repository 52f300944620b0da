#include "oba-broadcast-preview.h"

#include <glib/gi18n-lib.h>

#include "customers/oba-customer-json.h"
#include "customers/oba-profile-section.h"
#include "oba-broadcast-text.h"
#include "telling/oba-broadcasts.h"

#define BUBBLE_WIDTH 320

struct _ObaBroadcastPreview
{
  GtkBox     parent_instance;

  GtkLabel  *text;
  GtkWidget *button;      /* as Telegram has it: nothing happens here */
  GtkLabel  *note;
};

G_DEFINE_FINAL_TYPE (ObaBroadcastPreview, oba_broadcast_preview, GTK_TYPE_BOX)

static void
show_button (ObaBroadcastPreview *self, JsonObject *broadcast, ObaLanguage language)
{
  JsonObject *button = oba_customer_json_member_object (broadcast, "button");
  const char *label = button != NULL ? json_object_get_string_member_with_default (button, oba_language_get_code (language), "") : "";

  if (button != NULL && *label == '\0')
    label = json_object_get_string_member_with_default (button, "az", "");
  gtk_label_set_label (GTK_LABEL (self->button), label);
  gtk_widget_set_tooltip_text (self->button, button != NULL ? json_object_get_string_member_with_default (button, "url", "") : NULL);
  gtk_widget_set_visible (self->button, *label != '\0');
}

void
oba_broadcast_preview_set (ObaBroadcastPreview *self, JsonObject *broadcast, ObaLanguage language)
{
  static const char *const notes[OBA_N_LANGUAGES] = { [OBA_LANGUAGE_RU] = N_("There is no text in Russian: whoever reads Russian gets the Azerbaijani one."),
                                                      [OBA_LANGUAGE_EN] = N_("There is no text in English: whoever reads English gets the Azerbaijani one.") };
  gboolean own;
  const char *written = oba_broadcast_text_in (broadcast, language, &own);
  /* Translators: a first name of a woman, as an example. */
  g_autofree char *text = oba_broadcast_fill (written, _("Aygün"), "");
  const char *missing = !own && language != OBA_LANGUAGE_AZ && *written != '\0' ? _(notes[language]) : NULL;
  g_autofree char *note = g_strjoin (missing != NULL ? "\n" : "", _("Under it stands how to get no more of these."), missing, NULL);

  g_return_if_fail (OBA_IS_BROADCAST_PREVIEW (self));

  gtk_label_set_label (self->text, *text != '\0' ? text : _("No text yet"));
  show_button (self, broadcast, language);
  gtk_label_set_label (self->note, note);
}

const char *
oba_broadcast_preview_get_text (ObaBroadcastPreview *self)
{
  return gtk_label_get_text (self->text);
}

const char *
oba_broadcast_preview_get_note (ObaBroadcastPreview *self)
{
  return gtk_label_get_text (self->note);
}

static void
oba_broadcast_preview_class_init (ObaBroadcastPreviewClass *klass)
{
}

static void
oba_broadcast_preview_init (ObaBroadcastPreview *self)
{
  GtkWidget *bubble = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  self->text = GTK_LABEL (oba_profile_label_new ("", NULL));
  gtk_label_set_selectable (self->text, TRUE);
  gtk_label_set_max_width_chars (self->text, 40);
  g_object_set (self->text, "margin-top", 12, "margin-bottom", 12, "margin-start", 12, "margin-end", 12, NULL);
  gtk_widget_add_css_class (bubble, "card");
  gtk_widget_set_size_request (bubble, BUBBLE_WIDTH, -1);
  gtk_widget_set_halign (bubble, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (bubble), GTK_WIDGET (self->text));
  self->button = gtk_label_new ("");
  gtk_label_set_ellipsize (GTK_LABEL (self->button), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (self->button), 40);
  gtk_widget_add_css_class (self->button, "card");
  gtk_widget_add_css_class (self->button, "chat-button");
  gtk_widget_set_size_request (self->button, BUBBLE_WIDTH, -1);
  gtk_widget_set_halign (self->button, GTK_ALIGN_START);
  self->note = GTK_LABEL (oba_profile_label_new ("", "dim-label"));
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "caption");
  gtk_box_append (GTK_BOX (self), oba_profile_label_new (_("In Telegram"), "heading"));
  gtk_box_append (GTK_BOX (self), bubble);
  gtk_box_append (GTK_BOX (self), self->button);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->note));
}

GtkWidget *
oba_broadcast_preview_new (void)
{
  return g_object_new (OBA_TYPE_BROADCAST_PREVIEW, NULL);
}
