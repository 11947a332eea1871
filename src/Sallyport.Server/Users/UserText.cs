using System.Text;

namespace Sallyport.Server.Users;

/// <summary>The form in which texts are compared where case does not matter. Made here, so that it is the same on every engine.</summary>
internal static class UserText
{
    /// <summary>U+FFFE is no character, and the platform throws where it meets it.</summary>
    public static string? Fold(string? text) => text?.Replace('\uFFFE', '\uFFFD').Normalize(NormalizationForm.FormC).ToLowerInvariant();

    public static string? Domain(string? email) =>
        email is not null && email.LastIndexOf('@') is var at and >= 0 ? email[(at + 1)..] : null;
}
