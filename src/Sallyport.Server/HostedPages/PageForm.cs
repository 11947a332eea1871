namespace Sallyport.Server.HostedPages;

/// <summary>How a marked character is written. Each form is inert everywhere; which one is taken decides how it reads.</summary>
internal enum PageForm
{
    /// <summary>A character reference, where markup is read for certain.</summary>
    Markup,

    /// <summary>The same between quotes or in a text, where a blank may stay.</summary>
    MarkupText,

    /// <summary>An escape of JavaScript: in handlers, and wherever it is not certain how the browser reads.</summary>
    Script,

    /// <summary>The same in a script element, where more characters are harmless and stay.</summary>
    ScriptText,
}
