using Microsoft.AspNetCore.Http.Extensions;
using Sallyport.Server.Administrators;
using Sallyport.Server.Audit;
using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Dashboard;

/// <summary>
/// What every request to the dashboard passes: the session, the role that the route declares, and for a form the proof that it was sent from a page
/// of this dashboard.
/// </summary>
internal sealed class DashboardGate(
    AdministratorSessions sessions, DashboardCookies cookies, FormOrigin origin, RefusedActions refused, ILogger<DashboardGate> logger)
{
    public async Task RunAsync(HttpContext context, DashboardAccess access, Func<DashboardRequest, Task<IResult>> handle)
    {
        DashboardHeaders.Set(context.Response.Headers);
        try
        {
            var result = await HandleAsync(context, access, handle);
            await result.ExecuteAsync(context);
        }
        catch (ApiException exception)
        {
            // The rules of the Management API about parameters, such as the search language, apply here as well.
            var fault = exception.Error.StatusCode == 404 ? PageFault.Missing : new PageFault(exception.Error.StatusCode, exception.Error.Message);
            await FaultPage(context, fault).ExecuteAsync(context);
        }
#pragma warning disable CA1031 // The administrator gets a page with a reference to the log instead of JSON.
        catch (Exception exception) when (exception is not OperationCanceledException && !context.Response.HasStarted)
        {
            HttpLog.RequestFailed(logger, context.TraceIdentifier, exception);
            await FaultPage(context, PageFault.Internal(context.TraceIdentifier)).ExecuteAsync(context);
        }
#pragma warning restore CA1031
    }

    private async Task<IResult> HandleAsync(HttpContext context, DashboardAccess access, Func<DashboardRequest, Task<IResult>> handle)
    {
        if (!HttpMethods.IsPost(context.Request.Method) && !FormOrigin.IsNavigation(context.Request))
        {
            return FaultPage(context, PageFault.NotNavigated);
        }

        var secret = cookies.FindSession(context.Request);
        var session = access.Role is null
            ? null
            : await sessions.FindAsync(CallContext.ServedTenant, secret, context.RequestAborted);
        if (access.Role is not null && session is null)
        {
            return new DashboardRedirect(SignInAddress(context.Request));
        }

        var call = CallContext.OfDashboard(context, session?.Administrator.Actor);
        if (access.Role > session?.Administrator.Role)
        {
            await refused.AddAsync(call, context);
            return FaultPage(context, PageFault.Forbidden, call, session);
        }

        IFormCollection? form = null;
        if (HttpMethods.IsPost(context.Request.Method))
        {
            form = context.Request.HasFormContentType ? await FormReader.ReadAsync(context.Request) : null;
            if (form is null || (!access.IsResult && !origin.IsOurs(context.Request, form, session is null ? null : secret)))
            {
                return FaultPage(context, PageFault.FormRefused, call, session);
            }
        }

        return await handle(Request(context, call, session, form));
    }

    private DashboardRequest Request(HttpContext context, CallContext call, AdministratorSession? session, IFormCollection? form) =>
        new(context, call, session, form)
        {
            Flash = HttpMethods.IsGet(context.Request.Method) ? cookies.TakeFlash(context) : null,
            NewFormToken = () => origin.NewToken(context, session is null ? null : cookies.FindSession(context.Request)),
        };

    private PageResult<FaultPage> FaultPage(HttpContext context, PageFault fault, CallContext? call = null, AdministratorSession? session = null) =>
        new(Request(context, call ?? CallContext.OfDashboard(context, actor: null), session, form: null), fault.Status)
        {
            Parameters = { [nameof(Components.FaultPage.Fault)] = fault },
        };

    /// <summary>After the sign-in the browser comes back to the page, but never repeats a form.</summary>
    private static string SignInAddress(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.Path != DashboardRoutes.Root
        ? $"{EntryRoutes.SignIn}?to={Uri.EscapeDataString(request.GetEncodedPathAndQuery())}"
        : EntryRoutes.SignIn;
}

/// <summary>Logs attempts of administrators at what their role does not allow.</summary>
internal sealed class RefusedActions(Database database, AuditLog audit)
{
    public ValueTask AddAsync(CallContext call, HttpContext context)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var entry = ApiOperation.Refused(call, StatusCodes.Status403Forbidden, error: null) with { UserId = call.Actor!.UserId };
        return database.WriteAsync(
            unit =>
            {
                audit.AddRefusal(unit, call.Tenant, entry, $"{context.Request.Method} {route}");
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
    }
}
