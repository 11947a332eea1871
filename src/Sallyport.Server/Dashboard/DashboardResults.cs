using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

namespace Sallyport.Server.Dashboard;

/// <summary>
/// Renders a page: a Razor component, rendered to text on the server. There are no circuits, no client-side rendering, and no services of them
/// (ADR 20).
/// </summary>
/// <param name="status">Null to let the page decide.</param>
internal sealed class PageResult<TPage>(DashboardRequest request, int? status = null) : IResult
    where TPage : IComponent
{
    public Dictionary<string, object?> Parameters { get; } = [];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<PageRoot>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(PageRoot.Request)] = request,
                [nameof(PageRoot.Page)] = typeof(TPage),
                [nameof(PageRoot.Parameters)] = Parameters,
            }));
            return root.ToHtmlString();
        });
        await TypedResults.Text("<!doctype html>\n" + html, "text/html; charset=utf-8", Encoding.UTF8, status ?? request.Status).ExecuteAsync(httpContext);
    }
}

/// <summary>Goes on to another page of the dashboard. With 303 the browser never repeats the form.</summary>
/// <param name="address">Begins with a slash, so that it works under every name of this server.</param>
internal sealed class DashboardRedirect(string address) : IResult
{
    /// <summary>Shown above the next page.</summary>
    public string? Flash { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Flash is not null)
        {
            httpContext.RequestServices.GetRequiredService<DashboardCookies>().SetFlash(httpContext.Response, Flash);
        }

        httpContext.Response.Headers.Location = address;
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        return Task.CompletedTask;
    }
}

/// <summary>Gives the request to a page and to the components in it.</summary>
public sealed class PageRoot : ComponentBase
{
    [Parameter]
    public DashboardRequest Request { get; set; } = null!;

    [Parameter]
    public Type Page { get; set; } = null!;

    [Parameter]
    public IReadOnlyDictionary<string, object?> Parameters { get; set; } = null!;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<CascadingValue<DashboardRequest>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), Request);
        builder.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
        builder.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), (RenderFragment)(content =>
        {
            content.OpenComponent(0, Page);
            content.AddMultipleAttributes(1, Parameters!);
            content.CloseComponent();
        }));
        builder.CloseComponent();
    }
}

/// <summary>A page that reads its data before it is rendered, once.</summary>
public abstract class DashboardPage : ComponentBase
{
    [CascadingParameter]
    internal DashboardRequest Request { get; set; } = null!;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await LoadAsync();
        await base.SetParametersAsync(ParameterView.Empty);
    }

    protected virtual Task LoadAsync() => Task.CompletedTask;
}

/// <summary>A part of a page that needs the request.</summary>
public abstract class DashboardComponent : ComponentBase
{
    [CascadingParameter]
    internal DashboardRequest Request { get; set; } = null!;
}
