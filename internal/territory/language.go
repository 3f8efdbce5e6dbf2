package territory

import (
	"path"
	"strings"
)

// Language gives the programming language of a file by its name alone. ok is false where the name tells of none: prose, data,
// settings, pictures, and programs without an extension, whose first line would have to be read.
func Language(file string) (language string, ok bool) {
	name := path.Base(file)
	if language, ok = languageOfName[name]; ok {
		return language, true
	}
	for _, kind := range [...]string{"Dockerfile", "Makefile"} { // Dockerfile.arm64, Makefile.am
		if strings.HasPrefix(name, kind+".") && path.Ext(name) != ".md" {
			return kind, true
		}
	}
	ext := strings.ToLower(path.Ext(name))
	if ext == "" || len(ext) == len(name) { // .c alone is a hidden file
		return "", false
	}
	language, ok = languageOfExtension[ext]
	return language, ok
}

// languages are those that source code is written in, by extensions and whole names. An extension that several languages share
// goes to the one in most use. Names of languages are those of github/linguist.
var languages = []struct{ name, extensions, files string }{
	{"ANTLR", ".g4 .g3", ""},
	{"Ada", ".adb .ads", ""},
	{"Apex", ".trigger .apex", ""},
	{"AppleScript", ".applescript", ""},
	{"Assembly", ".s .asm .nasm", ""},
	{"Astro", ".astro", ""},
	{"AutoHotkey", ".ahk", ""},
	{"Awk", ".awk .gawk", ""},
	{"Batchfile", ".bat .cmd", ""},
	{"Bicep", ".bicep", ""},
	{"BitBake", ".bb .bbclass .bbappend", ""},
	{"C", ".c .h", ""},
	{"C#", ".cs .csx", ""},
	{"C++", ".cc .cpp .cxx .c++ .hh .hpp .hxx .h++ .inl .ipp .tcc .tpp .ixx .cppm .inc", ""},
	{"CMake", ".cmake", "CMakeLists.txt"},
	{"COBOL", ".cob .cbl .cobol", ""},
	{"CSS", ".css", ""},
	{"CUE", ".cue", ""},
	{"Cap'n Proto", ".capnp", ""},
	{"Clojure", ".clj .cljs .cljc", ""},
	{"CoffeeScript", ".coffee .litcoffee", "Cakefile"},
	{"Common Lisp", ".lisp .asd", ""},
	{"Crystal", ".cr", ""},
	{"Cuda", ".cu .cuh", ""},
	{"Cython", ".pyx .pxd .pxi", ""},
	{"D", ".d .di", ""},
	{"Dart", ".dart", ""},
	{"Dockerfile", ".dockerfile .containerfile", "Dockerfile Containerfile"},
	{"EJS", ".ejs", ""},
	{"ERB", ".erb", ""},
	{"Earthly", "", "Earthfile"},
	{"Elixir", ".ex .exs .heex .eex", ""},
	{"Elm", ".elm", ""},
	{"Emacs Lisp", ".el", ""},
	{"Erlang", ".erl .hrl .escript", "rebar.config"},
	{"F#", ".fs .fsi .fsx", ""},
	{"FlatBuffers", ".fbs", ""},
	{"Fortran", ".f .f77 .f90 .f95 .f03 .f08 .for", ""},
	{"GDScript", ".gd", ""},
	{"GLSL", ".glsl .vert .frag .geom .comp", ""},
	{"Gherkin", ".feature", ""},
	{"Gleam", ".gleam", ""},
	{"Go", ".go", ""},
	{"Go Template", ".gotmpl .tmpl .tpl", ""},
	{"GraphQL", ".graphql .gql .graphqls", ""},
	{"Groovy", ".groovy .gradle .gvy", "Jenkinsfile"},
	{"HCL", ".tf .hcl .nomad", ""},
	{"HLSL", ".hlsl", ""},
	{"HTML", ".html .htm .xhtml", ""},
	{"Hack", ".hack .hhi", ""},
	{"Haml", ".haml", ""},
	{"Handlebars", ".hbs .handlebars", ""},
	{"Haskell", ".hs .lhs .hsc", ""},
	{"Haxe", ".hx", ""},
	{"Idris", ".idr", ""},
	{"Java", ".java", ""},
	{"Java Server Pages", ".jsp", ""},
	{"JavaScript", ".js .jsx .mjs .cjs .es6", "Jakefile"},
	{"Jinja", ".j2 .jinja .jinja2", ""},
	{"Jsonnet", ".jsonnet .libsonnet", ""},
	{"Julia", ".jl", ""},
	{"Jupyter Notebook", ".ipynb", ""},
	{"Just", ".just", "justfile Justfile"},
	{"Kotlin", ".kt .kts", ""},
	{"LLVM", ".ll", ""},
	{"Lean", ".lean", ""},
	{"Less", ".less", ""},
	{"Lex", ".l .lex .flex", ""},
	{"Liquid", ".liquid", ""},
	{"Lua", ".lua", ""},
	{"M4", ".m4 .ac", ""},
	{"MLIR", ".mlir", ""},
	{"Makefile", ".mk .mak .make", "Makefile makefile GNUmakefile"},
	{"Meson", "", "meson.build meson_options.txt meson.options"},
	{"Metal", ".metal", ""},
	{"Mojo", ".mojo", ""},
	{"Move", ".move", ""},
	{"Mustache", ".mustache", ""},
	{"Nim", ".nim .nims .nimble", ""},
	{"Nix", ".nix", ""},
	{"OCaml", ".ml .mli .mll .mly", ""},
	{"Objective-C", ".m", ""},
	{"Objective-C++", ".mm", ""},
	{"Odin", ".odin", ""},
	{"Open Policy Agent", ".rego", ""},
	{"OpenCL", ".cl .opencl", ""},
	{"PHP", ".php .phtml .php5", ""},
	{"PLSQL", ".pls .pkb .pks .plsql", ""},
	{"PLpgSQL", ".pgsql", ""},
	{"Pascal", ".pas .dpr .lpr", ""},
	{"Perl", ".pl .pm .t .psgi .xs", "Makefile.PL Build.PL cpanfile"},
	{"PowerShell", ".ps1 .psm1 .psd1", ""},
	{"Prolog", ".prolog", ""},
	{"Protocol Buffer", ".proto", ""},
	{"Pug", ".pug .jade", ""},
	{"Puppet", ".pp", ""},
	{"PureScript", ".purs", ""},
	{"Python", ".py .pyi .pyw", "SConstruct SConscript wscript"},
	{"QML", ".qml .qbs", ""},
	{"R", ".r", ""},
	{"Racket", ".rkt", ""},
	{"Raku", ".raku .rakumod .p6 .pm6", ""},
	{"Reason", ".re .rei", ""},
	{"Ruby", ".rb .rake .gemspec .ru .podspec .jbuilder .thor .builder",
		"Rakefile Gemfile Vagrantfile Podfile Brewfile Guardfile Capfile Thorfile Berksfile Fastfile Appfile Dangerfile Puppetfile"},
	{"Rust", ".rs", ""},
	{"SCSS", ".scss", ""},
	{"SQL", ".sql", ""},
	{"SWIG", ".swg", ""},
	{"Sass", ".sass", ""},
	{"Scala", ".scala .sbt .sc", ""},
	{"Scheme", ".scm .ss .sld", ""},
	{"Shell", ".sh .bash .zsh .ksh .bats .fish", ""},
	{"Slim", ".slim", ""},
	{"Smalltalk", ".st", ""},
	{"Solidity", ".sol", ""},
	{"Standard ML", ".sml", ""},
	{"Starlark", ".bzl .star", "BUILD BUILD.bazel WORKSPACE WORKSPACE.bazel MODULE.bazel Tiltfile"},
	{"Stylus", ".styl", ""},
	{"Svelte", ".svelte", ""},
	{"Swift", ".swift", ""},
	{"SystemVerilog", ".sv .svh", ""},
	{"Tcl", ".tcl", ""},
	{"Thrift", ".thrift", ""},
	{"Twig", ".twig", ""},
	{"TypeScript", ".ts .tsx .mts .cts", ""},
	{"VBScript", ".vbs", ""},
	{"VHDL", ".vhd .vhdl", ""},
	{"Vala", ".vala .vapi", ""},
	{"Verilog", ".v .vh", ""},
	{"Vim Script", ".vim", ""},
	{"Visual Basic .NET", ".vb .bas", ""},
	{"Vue", ".vue", ""},
	{"Vyper", ".vy", ""},
	{"WGSL", ".wgsl", ""},
	{"WebAssembly", ".wat .wast", ""},
	{"XSLT", ".xsl .xslt", ""},
	{"Yacc", ".y .yy .ypp", ""},
	{"Zig", ".zig .zon", ""},
}

var languageOfExtension, languageOfName = func() (extensions, files map[string]string) {
	extensions, files = make(map[string]string), make(map[string]string)
	for _, l := range languages {
		for _, e := range strings.Fields(l.extensions) {
			extensions[e] = l.name
		}
		for _, f := range strings.Fields(l.files) {
			files[f] = l.name
		}
	}
	return extensions, files
}()
