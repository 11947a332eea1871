using System.Text.RegularExpressions;
using Microsoft.AspNetCore.StaticFiles;

namespace Sallyport.Server.HostedPages;

/// <summary>
/// The widget's files, for our page and for pages of other origins. Every published file name of the widget gives ours.
/// </summary>
internal static partial class WidgetAssets
{
    public static void UseWidgetAssets(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (PublishedName().IsMatch(context.Request.Path.Value ?? ""))
            {
                context.Request.Path = "/js/mfa-widget/mfa-widget.js";
            }

            return next(context);
        });
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = SetHeaders });
    }

    private static void SetHeaders(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        // Asked for again each time, answered with 304 mostly: after an upgrade no page mixes old and new files.
        headers.CacheControl = "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    }

    [GeneratedRegex(@"^/js/mfa-widget/mfa-widget-[0-9.]{1,20}?(\.min)?\.js\z")]
    private static partial Regex PublishedName();
}
