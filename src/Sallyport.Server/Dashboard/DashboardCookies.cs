using Sallyport.Server.Administrators;
using Sallyport.Server.Configuration;
using Sallyport.Server.Http;

namespace Sallyport.Server.Dashboard;

/// <summary>The cookies of the dashboard.</summary>
internal sealed class DashboardCookies(SallyportOptions options)
{
    private const string Session = "dashboard-session";
    private const string Form = "dashboard-form";
    private const string Flash = "dashboard-flash";

    private readonly HostCookie cookie = new(options);

    public string? FindSession(HttpRequest request) => cookie.Find(request, Session);

    public void SetSession(HttpResponse response, string secret) => cookie.Set(response, Session, secret, AdministratorSession.Lifetime);

    public void DeleteSession(HttpResponse response) => cookie.Delete(response, Session);

    /// <summary>The secret of forms before the sign-in.</summary>
    public string? FindForm(HttpRequest request) => cookie.Find(request, Form);

    public void SetForm(HttpResponse response, string secret) => cookie.Set(response, Form, secret, TimeSpan.FromHours(1));

    /// <param name="text">Shown above the next page.</param>
    public void SetFlash(HttpResponse response, string text) => cookie.Set(response, Flash, text, TimeSpan.FromMinutes(1));

    public string? TakeFlash(HttpContext context)
    {
        var text = cookie.Find(context.Request, Flash);
        if (text is not null)
        {
            cookie.Delete(context.Response, Flash);
        }

        return text;
    }
}
