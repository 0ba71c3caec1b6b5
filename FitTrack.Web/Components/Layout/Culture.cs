using System.Globalization;

namespace FitTrack.Web.Components.Layout;

/// <summary>The languages that there is a Text.resx for in every feature. A second one is a second culture here and its Text.xx.resx files.</summary>
internal static class Culture
{
    private static readonly CultureInfo[] Languages = [new("en-US")];

    public static void UseCulture(this WebApplication app) => app.UseRequestLocalization(o =>
        (o.DefaultRequestCulture, o.SupportedCultures, o.SupportedUICultures) = (new(Languages[0]), Languages, Languages));
}
