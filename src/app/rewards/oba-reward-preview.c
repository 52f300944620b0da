#include "oba-reward-preview.h"

#include <glib/gi18n-lib.h>

#include "base/oba-money.h"
#include "oba-reward-picture.h"
#include "rewards/oba-reward-caption.h"
#include "rewards/oba-reward-markup.h"

#define BUBBLE_WIDTH 340
#define PICTURE_HEIGHT 210

struct _ObaRewardPreview
{
  GtkBox      parent_instance;

  GtkPicture *picture;
  GtkWidget  *no_picture;
  GtkLabel   *caption;
  GtkLabel   *length;
  GtkLabel   *note;
};

G_DEFINE_FINAL_TYPE (ObaRewardPreview, oba_reward_preview, GTK_TYPE_BOX)

static GtkLabel *
label_new (const char *css_class)
{
  GtkWidget *label = gtk_label_new ("");

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 42);
  gtk_label_set_width_chars (GTK_LABEL (label), 30);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return GTK_LABEL (label);
}

static void
set_note (ObaRewardPreview *self, const char *text)
{
  gtk_label_set_label (self->note, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), text != NULL && *text != '\0');
}

static void
show_length (ObaRewardPreview *self, gsize units)
{
  g_autofree char *n = oba_number_format ((gint64) units);
  g_autofree char *most = oba_number_format (OBA_REWARD_CAPTION_UNITS);
  g_autofree char *text = g_strdup_printf (units > OBA_REWARD_CAPTION_UNITS ? _("%s of %s characters: too long for Telegram, it is cut") : _("%s of %s characters"), n, most);

  gtk_label_set_label (self->length, text);
  if (units > OBA_REWARD_CAPTION_UNITS)
    gtk_widget_add_css_class (GTK_WIDGET (self->length), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->length), "error");
}

static void
show_note (ObaRewardPreview *self, const ObaReward *reward, ObaLanguage language)
{
  static const char *const whole[] = { [OBA_LANGUAGE_RU] = N_("There is no name in Russian: whoever reads Russian gets the Azerbaijani texts."),
                                       [OBA_LANGUAGE_EN] = N_("There is no name in English: whoever reads English gets the Azerbaijani texts.") };
  static const char *const part[] = { [OBA_LANGUAGE_RU] = N_("There is no description in Russian: none is shown."), [OBA_LANGUAGE_EN] = N_("There is no description in English: none is shown.") };
  ObaLanguage shown = oba_reward_caption_language (reward, language);
  g_autoptr (GError) error = NULL;

  if (oba_reward_markup_parse (reward->descriptions[shown], NULL, NULL, &error) < 0)
    {
      g_autofree char *text = g_strdup_printf (_("Telegram would refuse this description, so its tags are shown: %s"), error->message);

      set_note (self, text);
    }
  else if (shown != language)
    set_note (self, _(whole[language]));
  else if (language != OBA_LANGUAGE_AZ && *reward->descriptions[language] == '\0' && *reward->descriptions[OBA_LANGUAGE_AZ] != '\0')
    set_note (self, _(part[language]));
  else
    set_note (self, NULL);
}

void
oba_reward_preview_set_reward (ObaRewardPreview *self, const ObaReward *reward, ObaLanguage language)
{
  gsize units = 0;
  g_autofree char *html = NULL, *pango = NULL;

  g_return_if_fail (OBA_IS_REWARD_PREVIEW (self));

  html = oba_reward_caption (reward, language, &units);
  if (oba_reward_markup_parse (html, &pango, NULL, NULL) >= 0)
    gtk_label_set_markup (self->caption, pango);
  show_length (self, units);
  show_note (self, reward, language);
}

void
oba_reward_preview_set_picture (ObaRewardPreview *self, GBytes *picture)
{
  g_autoptr (GdkTexture) texture = picture != NULL ? oba_reward_picture_show (picture) : NULL;

  g_return_if_fail (OBA_IS_REWARD_PREVIEW (self));

  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_widget_set_visible (GTK_WIDGET (self->picture), texture != NULL);
  gtk_widget_set_visible (self->no_picture, texture == NULL);
}

const char *
oba_reward_preview_get_text (ObaRewardPreview *self)
{
  return gtk_label_get_text (self->caption);
}

const char *
oba_reward_preview_get_note (ObaRewardPreview *self)
{
  return gtk_label_get_text (self->note);
}

const char *
oba_reward_preview_get_length (ObaRewardPreview *self)
{
  return gtk_label_get_text (self->length);
}

static void
oba_reward_preview_class_init (ObaRewardPreviewClass *klass)
{
}

static void
oba_reward_preview_init (ObaRewardPreview *self)
{
  GtkWidget *bubble = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = gtk_label_new (_("In Telegram"));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  gtk_widget_add_css_class (title, "heading");
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  self->picture = GTK_PICTURE (gtk_picture_new ());
  gtk_picture_set_content_fit (self->picture, GTK_CONTENT_FIT_COVER);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), BUBBLE_WIDTH, PICTURE_HEIGHT);
  gtk_picture_set_alternative_text (self->picture, _("Picture of the reward"));
  self->no_picture = gtk_label_new (_("No picture: Telegram shows the text alone"));
  gtk_widget_add_css_class (self->no_picture, "dim-label");
  g_object_set (self->no_picture, "margin-top", 12, "margin-bottom", 0, NULL);
  self->caption = label_new (NULL);
  g_object_set (self->caption, "margin-top", 12, "margin-bottom", 12, "margin-start", 12, "margin-end", 12, "selectable", TRUE, NULL);
  self->length = label_new ("dim-label");
  self->note = label_new ("dim-label");
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
  gtk_widget_add_css_class (bubble, "card");
  gtk_widget_set_overflow (bubble, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_size_request (bubble, BUBBLE_WIDTH, -1);
  gtk_widget_set_halign (bubble, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (bubble), GTK_WIDGET (self->picture));
  gtk_box_append (GTK_BOX (bubble), self->no_picture);
  gtk_box_append (GTK_BOX (bubble), GTK_WIDGET (self->caption));
  gtk_box_append (GTK_BOX (self), title);
  gtk_box_append (GTK_BOX (self), bubble);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->length));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->note));
  oba_reward_preview_set_picture (self, NULL);
}

GtkWidget *
oba_reward_preview_new (void)
{
  return g_object_new (OBA_TYPE_REWARD_PREVIEW, NULL);
}
