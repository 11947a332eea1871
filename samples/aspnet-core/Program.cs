// A web application with a password login. The second factor is set up by ticket and asked for by sign-in transactions (docs/sign-in.md).
using System.Security.Claims;
using System.Security.Cryptography;
using AspNetCoreSample;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;

// The cookie of a person whose password was right, and who is not signed in yet.
const string PasswordChecked = nameof(PasswordChecked);
const string TransactionClaim = "transaction";
const string NonceClaim = "nonce";
const string Email = "grace@example.com";
const string Password = "correct horse battery staple";

var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration;
if (settings["CLIENT_ID"] is not { Length: > 0 } clientId || settings["CLIENT_SECRET"] is not { Length: > 0 } clientSecret)
{
    Console.Error.WriteLine("Set CLIENT_ID and CLIENT_SECRET. The first `dotnet run` in src/Sallyport.Server prints both.");
    return 1;
}

var origin = $"http://localhost:{settings["PORT"] ?? "3000"}";
var callback = origin + "/mfa-result";
builder.WebHost.UseUrls(origin);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddAntiforgery();
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
    .AddCookie(options => Protect(options.Cookie, SameSiteMode.Lax))
    // Sallyport's page posts the result from another site, so browsers send only cookies with SameSite=None along with it.
    .AddCookie(PasswordChecked, options =>
    {
        Protect(options.Cookie, SameSiteMode.None);
        options.ExpireTimeSpan = TimeSpan.FromMinutes(10);
        options.SlidingExpiration = false;
    });

using var http = new HttpClient { BaseAddress = new Uri(settings["SALLYPORT_URL"] ?? "http://localhost:5080") };
var sallyport = new SallyportClient(http, clientId, clientSecret);
var users = new UserTable();
users.Add(Email, Password, await sallyport.FindOrCreateUserAsync(Email));
var applicationId = await sallyport.FindOrCreateApplicationAsync("ASP.NET Core sample", callback);

var app = builder.Build();
app.UseAuthentication();
app.UseAntiforgery();

app.MapGet("/", (HttpContext context, IAntiforgery antiforgery) => context.User.Identity is { IsAuthenticated: true, Name: var name }
    ? Pages.Home(name!, antiforgery.GetAndStoreTokens(context))
    : Pages.Login("", Email, antiforgery.GetAndStoreTokens(context)));

app.MapPost("/login", async (HttpContext context, IAntiforgery antiforgery, [FromForm] string email, [FromForm] string password) =>
{
    if (users.Check(email, password) is not { } user)
    {
        return Pages.Login("That email or password is not right.", email, antiforgery.GetAndStoreTokens(context));
    }

    if (!await sallyport.IsEnrolledAsync(user.Id))
    {
        await context.SignInAsync(PasswordChecked, Principal(PasswordChecked, user));
        return Results.Redirect("/second-factor");
    }

    var nonce = RandomNumberGenerator.GetHexString(32);
    var signIn = await sallyport.CreateSignInAsync(new SignInRequest(user.Id, applicationId, callback, nonce, SelfServiceEnrollment: false));
    await context.SignInAsync(
        PasswordChecked, Principal(PasswordChecked, user, new Claim(TransactionClaim, signIn.TransactionId), new Claim(NonceClaim, nonce)));
    return Results.Redirect(signIn.MfaUrl);
});

app.MapGet("/second-factor", async (HttpContext context, IAntiforgery antiforgery) =>
    await FindPasswordCheckedAsync(context) is null ? Results.Redirect("/") : Pages.SetUp(antiforgery.GetAndStoreTokens(context)));

// The link enrolls the user on Sallyport's page. Nobody is signed in by it: the next sign-in asks for the factor. The form is bound although it has
// no field of its own, because binding checks the antiforgery token.
app.MapPost("/second-factor", async (HttpContext context, IFormCollection _) =>
    await FindPasswordCheckedAsync(context) is { } person && !await sallyport.IsEnrolledAsync(IdOf(person))
        ? Results.Redirect(await sallyport.CreateTicketAsync(IdOf(person)))
        : Results.Redirect("/"));

// No antiforgery token: the form comes from Sallyport's page. It belongs to this browser's sign-in if transaction, user and nonce are those of the
// encrypted cookie, and Sallyport hands out the result of a transaction once.
app.MapPost("/mfa-result", async (HttpContext context, IAntiforgery antiforgery, [FromForm] string? signature) =>
{
    var person = await FindPasswordCheckedAsync(context);
    await context.SignOutAsync(PasswordChecked);
    if (person?.FindFirstValue(TransactionClaim) is not { } transaction || signature is null
        || await sallyport.RedeemAsync(transaction, signature) is not { } result
        || result.UserId != IdOf(person) || result.ClientId != applicationId || result.Nonce != person.FindFirstValue(NonceClaim))
    {
        return Pages.Login("Please sign in again.", Email, antiforgery.GetAndStoreTokens(context));
    }

    await context.SignInAsync(Principal(CookieAuthenticationDefaults.AuthenticationScheme, new User(IdOf(person), person.Identity!.Name!)));
    return Results.Redirect("/");
}).DisableAntiforgery();

app.MapPost("/logout", async (HttpContext context, IFormCollection _) =>
{
    await context.SignOutAsync();
    return Results.Redirect("/");
});

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Open {origin} and sign in with the password \"{Password}\"."));
app.Run();
return 0;

static void Protect(CookieBuilder cookie, SameSiteMode sameSite)
{
    cookie.HttpOnly = true;
    cookie.SecurePolicy = CookieSecurePolicy.Always;
    cookie.SameSite = sameSite;
}

static async Task<ClaimsPrincipal?> FindPasswordCheckedAsync(HttpContext context) => (await context.AuthenticateAsync(PasswordChecked)).Principal;

static string IdOf(ClaimsPrincipal person) => person.FindFirstValue(ClaimTypes.NameIdentifier)!;

static ClaimsPrincipal Principal(string scheme, User user, params Claim[] more) =>
    new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, user.Id), new(ClaimTypes.Name, user.Email), .. more], scheme));
