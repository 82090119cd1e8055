// jenkinsfile.groovy - a Jenkinsfile read by Groovy itself, with just enough of the pipeline language that its steps can be
// run: prints one JSON object {environment {NAME VALUE} main [SCRIPT] always [SCRIPT] junit [GLOB] archive [GLOB]}.
//   usage: groovy jenkinsfile.groovy JENKINSFILE
import groovy.json.JsonOutput
import org.codehaus.groovy.control.CompilerConfiguration

abstract class Pipeline extends Script {
    def found = [environment: [:], main: [], always: [], junit: [], archive: []]
    def where = 'main'
    // what a block says is a call of us, or a variable of ours
    void within(Closure block) { block.delegate = this; block.resolveStrategy = Closure.DELEGATE_FIRST; block() }
    void pipeline(Closure b) { within(b) }
    void agent(Closure b) { within(b) }
    void label(String name) { assert name }
    void options(Closure b) { within(b) }
    void disableConcurrentBuilds() { }
    void timeout(Map how) { assert how.time instanceof Integer && how.unit in ['MINUTES', 'HOURS'] }
    void triggers(Closure b) { within(b) }
    void cron(String when) { assert when.split(' ').size() == 5 }
    void stages(Closure b) { within(b) }
    void stage(String name, Closure b) { assert name; within(b) }
    void steps(Closure b) { within(b) }
    void post(Closure b) { within(b) }
    void always(Closure b) { where = 'always'; within(b); where = 'main' }
    void sh(String script) { found[where] << script }
    void junit(String glob) { assert where == 'always'; found.junit << glob }
    void archiveArtifacts(Map how) { assert where == 'always'; found.archive.addAll(how.artifacts.split(', *')) }
    void environment(Closure b) {
        def variables = found.environment
        b.delegate = new Object() {
            void setProperty(String name, value) { variables[name] = value }
        }
        b.resolveStrategy = Closure.DELEGATE_FIRST
        b()
    }
}

def how = new CompilerConfiguration(scriptBaseClass: Pipeline.name)
def script = new GroovyShell(this.class.classLoader, new Binding(), how).parse(new File(args[0]))
script.run()
println JsonOutput.toJson(script.found)
